import type {
  CompareAnswer,
  CompareRequest,
  FileRequest,
  FlameAnswer,
  FlameRequest,
  GraphAnswer,
  GraphRequest,
  InvalidPattern,
  LoadedProfile,
  PackagesAnswer,
  PeekAnswer,
  PeekRequest,
  QuestionKind,
  SandwichAnswer,
  SandwichRequest,
  SearchAnswer,
  SearchRequest,
  SourceAnswer,
  TagsAnswer,
  TopAnswer,
  TreeAnswer,
  TreeQuery,
  TreeRequest,
  ViewAnswers,
  WorkerAnswer,
  WorkerFailure,
  WorkerRequest,
} from './view-messages.ts'

export class ViewError extends Error {
  override readonly name = 'ViewError'
  readonly code: WorkerFailure['code']

  constructor(failure: WorkerFailure) {
    super(failure.message)
    this.code = failure.code
  }
}

/**
 * A profile in its own web worker, so that computing a view never blocks the page. All calls throw
 * `ViewError`.
 */
export interface ViewClient {
  /** Identifies this client in cache keys. */
  readonly id: number
  readonly profile: LoadedProfile
  flame(request: FlameRequest): Promise<FlameAnswer>
  search(request: SearchRequest): Promise<SearchAnswer>
  top(query: TreeQuery): Promise<TopAnswer>
  peek(request: PeekRequest): Promise<PeekAnswer>
  packages(query: TreeQuery): Promise<PackagesAnswer>
  tags(query: TreeQuery): Promise<TagsAnswer>
  source(funcName: string): Promise<SourceAnswer>
  sandwich(request: SandwichRequest): Promise<SandwichAnswer | null>
  tree(request: TreeRequest): Promise<TreeAnswer>
  graph(request: GraphRequest): Promise<GraphAnswer>
  file(request: FileRequest): Promise<Blob>
  /** Only where a profile to compare with was loaded. */
  compare(request: CompareRequest): Promise<CompareAnswer>
  check(query: TreeQuery): Promise<InvalidPattern | null>
  chain(query: TreeQuery): Promise<boolean>
  close(): void
}

let nextId = 1

/**
 * Transfers the columns, and those of a profile to compare with, to a new worker, which starts while they load; the caller cannot use them
 * afterwards. With `first` the worker goes on with what all views of that query need, while the page is being drawn.
 */
export async function openViewClient(
  loadColumns: () => Promise<ArrayBuffer>,
  loadBefore: (() => Promise<ArrayBuffer>) | null = null,
  first: TreeQuery | null = null,
): Promise<ViewClient> {
  const { worker, ask } = startedAhead ?? startWorker()
  startedAhead = null
  try {
    const [columns, before] = await Promise.all([loadColumns(), loadBefore?.() ?? null])
    const moved = before === null ? [columns] : [columns, before]
    const loaded = ask({ kind: 'load', columns, before }, moved)
    // Why it cannot be opened is answered to what asks for it later.
    if (first !== null) void ask({ kind: 'check', query: first }).catch(() => {})
    const profile = await loaded
    return {
      id: nextId++,
      profile,
      flame: (request) => ask({ kind: 'flame', ...request }),
      search: (request) => ask({ kind: 'search', ...request }),
      top: (query) => ask({ kind: 'top', query }),
      peek: (request) => ask({ kind: 'peek', ...request }),
      packages: (query) => ask({ kind: 'packages', query }),
      tags: (query) => ask({ kind: 'tags', query }),
      source: (funcName) => ask({ kind: 'source', funcName }),
      sandwich: (request) => ask({ kind: 'sandwich', ...request }),
      tree: (request) => ask({ kind: 'tree', ...request }),
      graph: (request) => ask({ kind: 'graph', ...request }),
      file: (request) => ask({ kind: 'file', ...request }),
      compare: (request) => ask({ kind: 'compare', ...request }),
      check: (query) => ask({ kind: 'check', query }),
      chain: (query) => ask({ kind: 'chain', query }),
      close: () => worker.terminate(),
    }
  } catch (error) {
    worker.terminate()
    throw error
  }
}

let startedAhead: ReturnType<typeof startWorker> | null = null

/** Starts the worker of the next client ahead, where a page knows that it will need one. */
export function startWorkerAhead(): void {
  startedAhead ??= startWorker()
}

function startWorker() {
  const worker = new Worker(new URL('./view-worker.ts', import.meta.url), { type: 'module' })
  return { worker, ask: askThrough(worker) }
}

/** Each request has its own message channel, so replies need no ids. */
function askThrough(worker: Worker) {
  const waiting = new Set<(error: ViewError) => void>()
  let failure: ViewError | null = null
  worker.addEventListener('error', (event) => {
    const error = new ViewError({ code: 'VIEW_FAILED', message: event.message })
    for (const reject of waiting) reject(error)
    // One that is started ahead may fail before it is asked.
    if (waiting.size === 0) failure = error
    waiting.clear()
  })
  return <Kind extends QuestionKind>(
    request: WorkerRequest<Kind>,
    transfer: readonly Transferable[] = [],
  ) =>
    new Promise<ViewAnswers[Kind]>((resolve, reject) => {
      if (failure !== null) {
        reject(failure)
        return
      }
      const { port1, port2 } = new MessageChannel()
      waiting.add(reject)
      port1.addEventListener('message', (event: MessageEvent<WorkerAnswer<Kind>>) => {
        port1.close()
        waiting.delete(reject)
        if (event.data.ok) resolve(event.data.answer)
        else reject(new ViewError(event.data.failure))
      })
      port1.start()
      worker.postMessage({ request, port: port2 }, [port2, ...transfer])
    })
}
