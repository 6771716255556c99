import { type ReadyCheck, readyReplyOf } from '../../../api/index.ts'
import type { CommandIo } from '../../terminal/command-io.ts'

const STATES = {
  ready: 'ready',
  degraded: 'up, but degraded',
  not_ready: 'up, but not ready',
} as const

/** Says in a line each what a process that has started does not reach. Returns how it is, in words. */
export async function reportStart(
  command: string,
  readyChecks: () => Promise<readonly ReadyCheck[]>,
  io: Pick<CommandIo, 'writeError'>,
): Promise<string> {
  const { status, checks } = readyReplyOf(await readyChecks())
  for (const { name, text } of checks.filter(({ isReady }) => !isReady)) {
    io.writeError(`kubeprof ${command}: ${name}: ${text}\n`)
  }
  return STATES[status]
}
