import type { ErrorCode } from '../../api/errors.ts'
import { type RuleSet, ruleSetOf } from '../../diagnosis/index.ts'
import { faultOf, type ProfileFault, ProfileFormatError } from '../../profile/index.ts'
import { judgeFile, type JudgedFile, type NamedBytes } from './judge-file.ts'

export type JudgeReply =
  | { readonly ok: true; readonly judged: JudgedFile }
  | { readonly ok: false; readonly code: ErrorCode | ''; readonly message: string }

/** Loaded with the worker, so that a file that comes later needs no server. */
const ruleSet: Promise<RuleSet> = import('virtual:rules').then(({ default: image }) =>
  ruleSetOf(image),
)

/** Runs in a web worker: reads and judges files. */
self.addEventListener(
  'message',
  (event: MessageEvent<{ readonly file: NamedBytes; readonly port: MessagePort }>) => {
    const { file, port } = event.data
    void answer(file).then(
      (reply) => port.postMessage(reply, reply.ok ? [reply.judged.columns] : []),
      (error: unknown) => port.postMessage({ ok: false, code: '', message: String(error) }),
    )
  },
)

/** The codes under which the server reports the same. */
const CODES: Readonly<Record<ProfileFault, ErrorCode>> = {
  invalid: 'PROFILE_INVALID',
  too_large: 'PROFILE_TOO_LARGE',
  unsupported_encoding: 'UNSUPPORTED_ENCODING',
  not_a_profile: 'NOT_A_PROFILE',
}

async function answer(file: NamedBytes): Promise<JudgeReply> {
  const rules = await ruleSet
  try {
    return { ok: true, judged: judgeFile(file, rules) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof ProfileFormatError ? CODES[faultOf(error)] : ''
    return { ok: false, code, message }
  }
}
