import {
  flameView,
  peekView,
  ROOT,
  searchView,
  type SubsystemId,
  tagsView,
  type TopRow,
  topView,
} from '../../profile/index.ts'
import { compilePlain, loadRegexCompiler } from './compile-pattern.ts'
import type { OpenedView, OpenViews } from './open-views.ts'
import type {
  FlameAnswer,
  FlameRequest,
  PeekAnswer,
  PeekRequest,
  SearchAnswer,
  SearchRequest,
  TagsAnswer,
  TopAnswer,
  Totals,
  QuestionKind,
  ViewAnswers,
  ViewQuestions,
  WorkerRequest,
} from './view-messages.ts'

type ViewKind = Exclude<QuestionKind, 'load'>

const ANSWERS: {
  readonly [Kind in ViewKind]: (
    views: OpenViews,
    question: ViewQuestions[Kind],
  ) => Promise<ViewAnswers[Kind]>
} = {
  flame: answerFlame,
  search: answerSearch,
  top: answerTop,
  peek: answerPeek,
  tags: answerTags,
}

/** Computes the reply to a request of the page. Throws `RegexError`. */
export async function answerRequest<Kind extends ViewKind>(
  views: OpenViews,
  request: WorkerRequest<Kind>,
): Promise<ViewAnswers[Kind]> {
  return ANSWERS[request.kind](views, request)
}

async function answerFlame(views: OpenViews, request: FlameRequest): Promise<FlameAnswer> {
  const view = await views.find(request.query)
  const zoomNode = view.keys.nodeOf(request.zoom)
  const { frames, focusRow, frameCount } = flameView(view.tree, {
    focusNode: zoomNode ?? ROOT,
    framesMax: request.framesMax,
    widthPx: request.widthPx,
  })
  return {
    frames: frames.map((frame) => ({ ...frame, key: view.keys.keyOf(frame.node) })),
    focusRow,
    frameCount,
    isZoomKnown: zoomNode !== null,
    totals: totalsOf(view),
  }
}

async function answerSearch(views: OpenViews, request: SearchRequest): Promise<SearchAnswer> {
  const { text, isRegex } = request
  const pattern = isRegex ? (await loadRegexCompiler())(text) : compilePlain(text)
  const view = await views.find(request.query)
  const found = searchView(view.tree, (name) => pattern.test(name))
  const names = new Set(view.tree.names.filter((_, name) => found.isMatchByName[name] === 1))
  const total = view.total.value
  return {
    names,
    funcCount: found.funcCount,
    frameCount: found.frameCount,
    value: found.value,
    share: total === 0 ? 0 : found.value / total,
  }
}

async function answerTop(views: OpenViews, { query }: ViewQuestions['top']): Promise<TopAnswer> {
  const view = await views.find(query)
  const { rows } = topView(view.tree, {
    sort: 'flat',
    rowsMax: Number.POSITIVE_INFINITY,
    rowsSkipped: 0,
    totalValue: view.total.value,
  })
  return { totals: totalsOf(view), rows, subsystems: sharesBySubsystem(rows) }
}

async function answerPeek(views: OpenViews, request: PeekRequest): Promise<PeekAnswer> {
  const view = await views.find(request.query)
  const found = peekView(view.tree, (name) => name === request.funcName, { itemsMax: 1 })
  return { totals: totalsOf(view), item: found.items[0] ?? null }
}

async function answerTags(views: OpenViews, { query }: ViewQuestions['tags']): Promise<TagsAnswer> {
  const view = await views.find(query)
  const { profile, values, total } = view
  return { totals: totalsOf(view), tags: tagsView({ profile, values, totalValue: total.value }) }
}

function totalsOf(view: OpenedView): Totals {
  const { sampleType, total, filteredTotal } = view
  return { ...sampleType, total: total.value, filteredTotal: filteredTotal.value }
}

function sharesBySubsystem(rows: readonly TopRow[]): TopAnswer['subsystems'] {
  const shares = new Map<SubsystemId, number>()
  for (const { subsystem, flatShare } of rows) {
    shares.set(subsystem, (shares.get(subsystem) ?? 0) + flatShare)
  }
  return [...shares]
    .map(([id, share]) => ({ id, share }))
    .filter(({ share }) => share !== 0)
    .sort((a, b) => b.share - a.share)
}
