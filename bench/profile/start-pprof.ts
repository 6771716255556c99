import { spawn } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { findFreePort, isAnswering } from '../service/start-server.ts'

const START_MS_MAX = 60_000

/** Starts `pprof -http` on a file; it answers on `url` once this returns. */
export async function startPprof(
  pprof: string,
  file: string,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(pprof, [`-http=127.0.0.1:${port}`, '-no_browser', file], { stdio: 'ignore' })
  const startMs = performance.now()
  while (!(await isAnswering(`${url}/ui/flamegraph`))) {
    if (child.exitCode !== null || performance.now() - startMs > START_MS_MAX) {
      child.kill()
      throw new Error('pprof -http did not start')
    }
    await setTimeout(20)
  }
  return { url, stop: () => child.kill() }
}
