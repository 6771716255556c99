import { boundedTags } from './bounded-tags.ts'
import type {
  FlameQuery,
  FlameReply,
  GraphQuery,
  GraphReply,
  PeekQuery,
  PeekReply,
  PreviewQuery,
  SvgQuery,
  TagsQuery,
  TagsReply,
  TopQuery,
  TopReply,
  TracesQuery,
  TracesReply,
  TreeQuery,
  ViewName,
} from '../../../api/index.ts'
import {
  callGraph,
  flameSvg,
  type FlameView,
  flameView,
  formatValue,
  hasLongChain,
  isFilterChain,
  openView,
  type Pattern,
  type Profile,
  peekView,
  readViewQuery,
  repairForViews,
  reshapeTree,
  ROOT,
  tagsView,
  topView,
  tracesView,
  type View,
  type ViewQuery,
} from '../../../profile/index.ts'
import type { DecoderHandlers, ViewTask } from '../../pool/decoder-task.ts'
import type { BlobStore } from '../../../store/index.ts'
import { compileRe2 } from '../compile-re2.ts'
import { drawPreview, PREVIEW_FLAME_PX } from './draw-preview.ts'
import { renderPng } from './render-png.ts'
import type { ViewedProfiles } from '../viewed-profiles.ts'
import { readRedacted } from './redacted-columns.ts'
import { refusingQueries } from '../view-errors.ts'

const TOP_ROWS = 100
const FLAME_FRAMES = 800
const PEEK_ITEMS_MAX = 50
const TREE_ITEMS = 80
const TRACES = 100
const TRACES_CHARS_MAX = 4 * 1024 * 1024
const GRAPH_NODES = 80
const SVG_WIDTH_PX = 1200
const EVERYTHING: Pattern = { test: () => true }

type DrawnView = Exclude<ViewName, 'export' | 'columns'>

/** The views of profiles that were repaired for views. They throw PATTERN_INVALID, VIEW_INVALID or BLOB_MISSING. */
export function viewHandlers(
  profiles: ViewedProfiles,
  blobs: Pick<BlobStore, 'get'>,
): Pick<DecoderHandlers, DrawnView> {
  const drawn = <Query extends ViewQuery, Reply>(
    draw: (view: View, query: Query) => Reply | Promise<Reply>,
  ) =>
    refusingQueries(async (task: ViewTask<Query>) => {
      const { bytes, query, redaction = null } = task
      const profile =
        redaction === null
          ? await profiles.get(bytes)
          : repairForViews(await readRedacted(blobs, task))
      return draw(openQueried(profile, query), query)
    })
  return {
    top: drawn(DRAW.top),
    flame: drawn(DRAW.flame),
    peek: drawn(DRAW.peek),
    tree: drawn(DRAW.tree),
    graph: drawn(DRAW.graph),
    traces: drawn(traces),
    tags: drawn(tags),
    svg: drawn(svg),
    png: drawn(async (view, query: SvgQuery) => renderPng(svg(view, query))),
    preview: drawn(preview),
  }
}

/** The views that a profile and a range have in common. */
export const DRAW = {
  top,
  flame,
  peek: (view: View, { q }: PeekQuery) => peek(view, compileRe2(q), PEEK_ITEMS_MAX),
  tree: (view: View, { n = TREE_ITEMS }: TreeQuery) => peek(view, EVERYTHING, n),
  graph,
}

/** Opens a view with the parameters of its URL. Throws a RegexError or SampleTypeError. */
export function openQueried(profile: Profile, query: ViewQuery): View {
  return openView(profile, readViewQuery(profile, query, compileRe2))
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
  return { ...measured(view), rowCount, rows }
}

function flame(view: View, { n = FLAME_FRAMES }: FlameQuery): FlameReply {
  const { frameCount, frames } = drawnFlame(view, n, null)
  return { ...measured(view), frameCount, frames }
}

function drawnFlame(view: View, framesMax: number, widthPx: number | null): FlameView {
  return flameView(view.tree, { focusNode: ROOT, framesMax, widthPx })
}

function peek(view: View, pattern: Pattern, itemsMax: number): PeekReply {
  const test = (name: string) => pattern.test(name)
  const { matchCount, items } = peekView(view.tree, test, { itemsMax })
  return { ...measured(view), matchCount, items }
}

/** Trimmed as pprof trims its drawing. */
function graph(view: View, { n = GRAPH_NODES }: GraphQuery): GraphReply {
  const shown = callGraph(view, { nodeCount: n, nodeShareMin: 0.005, edgeShareMin: 0.001 })
  return { ...measured(view), ...shown }
}

function traces(view: View, { n = TRACES }: TracesQuery): TracesReply {
  const bounds = { samplesMax: n, charsMax: TRACES_CHARS_MAX }
  const { sampleCount, leftOutCount, leftOutTotal, samples } = tracesView(view, bounds)
  return {
    ...measured(view),
    sampleTypes: view.profile.sampleTypes,
    sampleCount,
    ...(leftOutCount === 0 ? {} : { leftOutSampleCount: leftOutCount, leftOutTotal }),
    samples,
  }
}

function tags(view: View, { n = 100 }: TagsQuery): TagsReply {
  const { profile, values, total } = view
  const all = tagsView({ profile, values, totalValue: total.value })
  return { ...measured(view), ...boundedTags(all, n) }
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

/** Without a long filter chain, as the page shows it: else nothing but the chain is on the picture. */
async function preview(view: View, query: PreviewQuery): Promise<Uint8Array> {
  const { tree } = view
  const hidden = { test: isFilterChain }
  const shown = hasLongChain(tree) ? { ...view, tree: reshapeTree(tree, { hidden }) } : view
  return drawPreview(query, svg(shown, { width: PREVIEW_FLAME_PX }))
}
