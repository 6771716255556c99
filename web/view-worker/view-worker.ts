import {
  decodeColumns,
  defaultSampleTypeIndex,
  type Profile,
  RegexError,
  repairForViews,
} from '../../profile/index.ts'
import { answerRequest, loadCompare } from './answer-request.ts'
import { loadRegexCompiler } from './compile-pattern.ts'
import { cacheViews, type OpenViews } from './open-views.ts'
import type {
  LoadedProfile,
  QuestionKind,
  WorkerAnswer,
  WorkerFailure,
  WorkerRequest,
} from './view-messages.ts'

const REGEX_AFTER_MS = 2000

/** Runs in a web worker: holds one profile and answers requests of the page. */
let views: OpenViews | null = null

interface Question {
  readonly request: WorkerRequest
  readonly port: MessagePort
}

const waiting: Question[] = []
const turn = new MessageChannel()

self.addEventListener('message', (event: MessageEvent<Question>) => {
  waiting.push(event.data)
  turn.port2.postMessage(null)
})

// By then all is here that was asked while the worker was busy: the picture first, which is what a reader waits for.
turn.port1.addEventListener('message', () => {
  const flame = waiting.findIndex(({ request }) => request.kind === 'flame')
  const [question] = waiting.splice(Math.max(flame, 0), 1)
  if (question === undefined) return
  const { request, port } = question
  void answer(request).then((answered) => port.postMessage(answered))
})
turn.port1.start()

async function answer(request: WorkerRequest): Promise<WorkerAnswer<QuestionKind>> {
  try {
    if (request.kind === 'load') {
      // While the profiles are decoded; without the server, the request that needs it says so.
      if (request.before !== null) void loadCompare().catch(() => {})
      const [original, before] = [request.columns, request.before].map((columns) =>
        columns === null ? null : decodeColumns(new Uint8Array(columns)),
      )
      if (!original) throw new Error('no profile is given')
      const profile = repairForViews(original)
      views = cacheViews(profile, original, before ? repairForViews(before) : null, before)
      // So that a filter works even when the server is gone by then.
      setTimeout(() => void loadRegexCompiler().catch(() => {}), REGEX_AFTER_MS)
      return { ok: true, answer: describe(profile) }
    }
    if (views === null) throw new Error('no profile is loaded')
    return { ok: true, answer: await answerRequest(views, request) }
  } catch (error) {
    return { ok: false, failure: failureOf(error) }
  }
}

function describe(profile: Profile): LoadedProfile {
  const chosen = profile.sampleTypes[defaultSampleTypeIndex(profile)]
  return { sampleTypes: profile.sampleTypes, defaultSampleType: chosen?.type ?? '' }
}

function failureOf(error: unknown): WorkerFailure {
  const message = error instanceof Error ? error.message : String(error)
  return { code: error instanceof RegexError ? 'PATTERN_INVALID' : 'VIEW_FAILED', message }
}
