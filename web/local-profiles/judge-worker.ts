import { AppError, type ErrorCode } from '../../api/errors.ts'
import type { TraceReply } from '../../api/index.ts'
import { type RuleSet, ruleSetOf } from '../../diagnosis/index.ts'
import { inflateTrace, toAppError } from '../../judge/browser.ts'
import { ProfileFormatError, summariseTrace } from '../../profile/index.ts'
import { judgeFiles, type JudgedCapture } from './judge-capture.ts'
import { judgeFile, type JudgedFile, type NamedBytes } from './judge-file.ts'

/** A question to the worker, and what it answers. */
export interface Judgements {
  readonly profile: { readonly file: NamedBytes; readonly judged: JudgedFile }
  readonly capture: { readonly file: readonly NamedBytes[]; readonly judged: JudgedCapture }
  /** An execution trace, summed up. */
  readonly trace: { readonly file: NamedBytes; readonly judged: TraceReply }
}

type Judged = Judgements[keyof Judgements]['judged']

export type JudgeReply<Kind extends keyof Judgements> =
  | { readonly ok: true; readonly judged: Judgements[Kind]['judged'] }
  | { readonly ok: false; readonly code: ErrorCode | ''; readonly message: string }

type Question =
  | { readonly kind: 'profile' | 'trace'; readonly file: NamedBytes }
  | { readonly kind: 'capture'; readonly file: readonly NamedBytes[] }

interface Asked {
  readonly question: Question
  readonly port: MessagePort
}

/** Loaded with the worker, so that a file that comes later needs no server. */
const ruleSet: Promise<RuleSet> = import('virtual:rules').then(({ default: image }) =>
  ruleSetOf(image),
)

/** Runs in a web worker: reads and judges files. */
self.addEventListener('message', ({ data: { question, port } }: MessageEvent<Asked>) => {
  void answer(question).then(
    (judged) => port.postMessage({ ok: true, judged }, columnsOf(judged)),
    (error: unknown) => port.postMessage({ ok: false, ...describe(error) }),
  )
})

async function answer(question: Question): Promise<Judged> {
  if (question.kind === 'trace') return sumUp(question.file)
  const rules = await ruleSet
  if (question.kind === 'capture') return judgeFiles(question.file, rules)
  return judgeFile(question.file, rules)
}

function sumUp({ name, bytes }: NamedBytes): TraceReply {
  return { fileName: name, ...summariseTrace(inflateTrace(bytes)) }
}

function columnsOf(judged: Judged): Transferable[] {
  if ('profiles' in judged) return judged.profiles.map(({ columns }) => columns)
  return 'columns' in judged ? [judged.columns] : []
}

/** Under the codes and with the words of the server. */
function describe(error: unknown): { readonly code: ErrorCode | ''; readonly message: string } {
  const known = error instanceof ProfileFormatError ? toAppError(error) : error
  if (known instanceof AppError) return { code: known.code, message: known.message }
  return { code: '', message: known instanceof Error ? known.message : String(known) }
}
