import {
  packagesView,
  peekView,
  RegexError,
  type SubsystemId,
  tagsView,
  type TopRow,
  topView,
} from '../../profile/index.ts'
import { answerFile } from './answer-file.ts'
import { answerFlame } from './answer-flame.ts'
import { answerSandwich } from './answer-sandwich.ts'
import { answerSearch } from './answer-search.ts'
import { answerSource } from './answer-source.ts'
import { answerTree } from './answer-tree.ts'
import type { OpenViews } from './open-views.ts'
import { totalsOf } from './totals-of.ts'
import type {
  InvalidPattern,
  PackagesAnswer,
  PeekAnswer,
  PeekRequest,
  TagsAnswer,
  TopAnswer,
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
  packages: answerPackages,
  tags: answerTags,
  source: answerSource,
  sandwich: answerSandwich,
  compare: async (views, request) => {
    const { answerCompare } = await loadCompare()
    return answerCompare(views, request)
  },
  tree: answerTree,
  graph: async (views, request) => {
    const { answerGraph } = await import('./answer-graph.ts')
    return answerGraph(views, request)
  },
  file: answerFile,
  check: answerCheck,
  chain: async (views, { query }) => (await views.find(query)).withoutChain() !== null,
}

/** Loads the code that only pages with two profiles need. */
export function loadCompare() {
  return import('./answer-compare.ts')
}

/** Computes the reply to a request of the page. Throws `RegexError`. */
export async function answerRequest<Kind extends ViewKind>(
  views: OpenViews,
  request: WorkerRequest<Kind>,
): Promise<ViewAnswers[Kind]> {
  return ANSWERS[request.kind](views, request)
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

async function answerPackages(
  views: OpenViews,
  { query }: ViewQuestions['packages'],
): Promise<PackagesAnswer> {
  const view = await views.find(query)
  return { totals: totalsOf(view), rows: packagesView(view.tree) }
}

async function answerTags(views: OpenViews, { query }: ViewQuestions['tags']): Promise<TagsAnswer> {
  const view = await views.find(query)
  const { profile, values, total } = view
  return { totals: totalsOf(view), tags: tagsView({ profile, values, totalValue: total.value }) }
}

async function answerCheck(
  views: OpenViews,
  { query }: ViewQuestions['check'],
): Promise<InvalidPattern | null> {
  try {
    await views.find(query)
    return null
  } catch (error) {
    if (error instanceof RegexError) return { pattern: error.source, message: error.message }
    throw error
  }
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
