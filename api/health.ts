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
  status: Type.Enum(['ready', 'degraded', 'not_ready']),
  checks: Type.Array(ReadyCheck),
})
export type ReadyReply = Static<typeof ReadyReply>

/** A process serves when all its required dependencies work, and is degraded when another one does not. */
export function readyReplyOf(checks: readonly ReadyCheck[]): ReadyReply {
  const failed = checks.filter(({ isReady }) => !isReady)
  const isUseless = failed.some(({ isRequired }) => isRequired)
  const status = isUseless ? 'not_ready' : failed.length > 0 ? 'degraded' : 'ready'
  return { status, checks: [...checks] }
}
