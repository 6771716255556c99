import {
  decodeColumns,
  defaultSampleTypeIndex,
  type Profile,
  RegexError,
  repairForViews,
} from '../../profile/index.ts'
import { answerRequest } from './answer-request.ts'
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

self.addEventListener('message', (event: MessageEvent<Question>) => {
  const { request, port } = event.data
  void answer(request).then((answered) => port.postMessage(answered))
})

async function answer(request: WorkerRequest): Promise<WorkerAnswer<QuestionKind>> {
  try {
    if (request.kind === 'load') {
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
