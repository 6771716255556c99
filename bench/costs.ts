import { spreadOf } from './measure.ts'
import { formatMs } from './report-table.ts'

const ROUNDS = 7

/** The heads of the columns that `costsOf` fills, after the name of what is measured. */
export const COST_HEADS = ['processor ms: min / median / max', 'by the clock: min', 'goal']

/**
 * Runs the work a few times after a round that does not count. `nowMs` reads the processor time of all processes that take
 * part; other load of the machine changes it least, and the time by the clock most.
 */
export async function costsOf(work: () => unknown, nowMs = ownCpuMs): Promise<readonly string[]> {
  const cpuMs: number[] = []
  const wallMs: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const [cpu, wall] = [nowMs(), performance.now()]
    await work()
    if (round === 0) continue
    cpuMs.push(nowMs() - cpu)
    wallMs.push(performance.now() - wall)
  }
  const { min, median, max } = spreadOf(cpuMs)
  return [[min, median, max].map((ms) => formatMs(ms)).join(' / '), formatMs(spreadOf(wallMs).min)]
}

/** Processor time of this process. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
