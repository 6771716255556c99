import { type RuleSet, ruleSetOf } from '../../diagnosis/index.ts'
import { judgeFile, type JudgedFile, type NamedBytes } from './judge-file.ts'

export type JudgeReply =
  | { readonly ok: true; readonly judged: JudgedFile }
  | { readonly ok: false; readonly message: string }

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
      (error: unknown) => port.postMessage({ ok: false, message: String(error) }),
    )
  },
)

async function answer(file: NamedBytes): Promise<JudgeReply> {
  const rules = await ruleSet
  try {
    return { ok: true, judged: judgeFile(file, rules) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}
