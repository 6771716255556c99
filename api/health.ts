import { Type, type Static } from 'typebox'

export const HealthReply = Type.Object({ status: Type.Literal('ok') })
export type HealthReply = Static<typeof HealthReply>

/** One dependency, just checked. `text` is a sentence with the fault, or empty. */
export const ReadyCheck = Type.Object({
  name: Type.String(),
  isReady: Type.Boolean(),
  isRequired: Type.Boolean({ description: 'Whether the process is useless without it' }),
  text: Type.String(),
})
export type ReadyCheck = Static<typeof ReadyCheck>

export const ReadyReply = Type.Object({
  status: Type.Enum(['ready', 'not_ready']),
  checks: Type.Array(ReadyCheck),
})
export type ReadyReply = Static<typeof ReadyReply>

/** A process is ready when all its required dependencies are. */
export function readyReplyOf(checks: readonly ReadyCheck[]): ReadyReply {
  const isReady = checks.every((check) => check.isReady || !check.isRequired)
  return { status: isReady ? 'ready' : 'not_ready', checks: [...checks] }
}
