import { AppError } from '../../api/errors.ts'
import type {
  FlameReply,
  PeekReply,
  SvgQuery,
  TagsReply,
  TopQuery,
  TopReply,
  ViewReplies,
  ViewRequest,
} from '../../api/index.ts'
import {
  flameSvg,
  type FlameView,
  flameView,
  formatValue,
  openView,
  type Pattern,
  peekView,
  type Profile,
  readViewQuery,
  ROOT,
  SampleTypeError,
  tagsView,
  topView,
  type View,
} from '../../profile/index.ts'
import { compilePattern } from './compile-pattern.ts'

const TOP_ROWS = 100
const FLAME_FRAMES = 800
const PEEK_ITEMS_MAX = 50
const TREE_ITEMS = 80
const SVG_WIDTH_PX = 1200
const EVERYTHING: Pattern = { test: () => true }

type DrawnRequest = Exclude<ViewRequest, { readonly view: 'export' }>

/** One view of a profile that was repaired for views. Throws PATTERN_INVALID or VIEW_INVALID. */
export function computeView(
  profile: Profile,
  request: DrawnRequest,
): ViewReplies[DrawnRequest['view']] {
  const view = openRequested(profile, request)
  if (request.view === 'top') return top(view, request.query)
  if (request.view === 'flame') return flame(view, request.query.n)
  if (request.view === 'peek') return peek(view, compilePattern(request.query.q), PEEK_ITEMS_MAX)
  if (request.view === 'tree') return peek(view, EVERYTHING, request.query.n ?? TREE_ITEMS)
  if (request.view === 'tags') return tags(view)
  return svg(view, request.query)
}

function openRequested(profile: Profile, { query }: DrawnRequest): View {
  try {
    return openView(profile, readViewQuery(profile, query, compilePattern))
  } catch (cause) {
    if (!(cause instanceof SampleTypeError)) throw cause
    throw new AppError('VIEW_INVALID', { message: `${cause.message}.`, cause })
  }
}

function measured({ sampleType, total }: View) {
  const isExact = Number.isSafeInteger(total.value)
  return {
    sampleType,
    total: total.value,
    ...(isExact ? {} : { totalExact: total.exact.toString() }),
  }
}

function top(view: View, { sort = 'flat', n = TOP_ROWS }: TopQuery): TopReply {
  const totalValue = view.total.value
  const { rowCount, rows } = topView(view.tree, { sort, rowsMax: n, rowsSkipped: 0, totalValue })
  return { ...measured(view), rowCount, rows: [...rows] }
}

function flame(view: View, framesMax = FLAME_FRAMES): FlameReply {
  const { frameCount, frames } = drawnFlame(view, framesMax, null)
  return { ...measured(view), frameCount, frames: [...frames] }
}

function drawnFlame(view: View, framesMax: number, widthPx: number | null): FlameView {
  return flameView(view.tree, { focusNode: ROOT, framesMax, widthPx })
}

function peek(view: View, pattern: Pattern, itemsMax: number): PeekReply {
  const test = (name: string) => pattern.test(name)
  const { matchCount, items } = peekView(view.tree, test, { itemsMax })
  return {
    ...measured(view),
    matchCount,
    items: items.map(({ callers, callees, ...item }) => ({
      ...item,
      callers: [...callers],
      callees: [...callees],
    })),
  }
}

function tags(view: View): TagsReply {
  const { profile, values, total } = view
  const found = tagsView({ profile, values, totalValue: total.value })
  return {
    ...measured(view),
    tags: found.map((tag) => ({ ...tag, values: [...tag.values] })),
  }
}

function svg(view: View, { width = SVG_WIDTH_PX }: SvgQuery): string {
  const { type, unit } = view.sampleType
  return flameSvg(drawnFlame(view, FLAME_FRAMES, width), {
    widthPx: width,
    title: `${type}: ${formatValue(view.total.value, unit)}`,
    totalValue: view.total.value,
    unit,
  })
}
