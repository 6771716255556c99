import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const EVENT = /^M=\S+ P=\S+ G=\S+ (\w+) Time=(\d+)/
const TRANSITION = /GoID=(\d+) (\w+)->(\w+) Reason=/

/** Time in nanoseconds in each state of goroutines, by the events that `go tool trace -d=parsed` prints. */
export async function stateTimes(file: string): Promise<Readonly<Record<string, number>>> {
  const { stdout } = await promisify(execFile)('go', ['tool', 'trace', '-d=parsed', file], {
    maxBuffer: 1024 ** 3,
  })
  const open = new Map<string, { readonly state: string; readonly sinceNs: number }>()
  const times: Record<string, number> = {}
  const close = (goroutine: string, atNs: number) => {
    const known = open.get(goroutine)
    if (known !== undefined) times[known.state] = (times[known.state] ?? 0) + atNs - known.sinceNs
    open.delete(goroutine)
  }
  let [firstNs, lastNs] = [0, 0]
  for (const line of stdout.split('\n')) {
    const [, kind, time] = EVENT.exec(line) ?? []
    if (kind === undefined || kind === 'Sync') continue
    lastNs = Math.max(lastNs, Number(time))
    if (firstNs === 0) firstNs = lastNs
    const [, goroutine = '', from, to = ''] = TRANSITION.exec(line) ?? []
    if (from === undefined) continue
    close(goroutine, lastNs)
    const sinceNs = from === 'Undetermined' ? firstNs : lastNs
    if (to !== 'NotExist') open.set(goroutine, { state: to.toLowerCase(), sinceNs })
  }
  for (const goroutine of open.keys()) close(goroutine, lastNs)
  return times
}
