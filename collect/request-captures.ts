import { setTimeout as delay } from 'node:timers/promises'
import { AppError, type RequestCaptureBody } from '../api/index.ts'
import type {
  NewCapture,
  RequestedCapture,
  SpaceStore,
  StoredCapture,
  StoredTarget,
} from '../store/index.ts'

const DISCOVERY_MS_MAX = 10_000
const POLL_MS = 100

/**
 * Enqueues the captures that a user asked for: one of each process of the target, or of one instance. A collector takes
 * them as soon as limits permit. For a new target, waits until a collector has discovered its processes.
 * Throws TARGET_NOT_FOUND, TARGET_NO_PROCESS, COLLECTOR_ABSENT.
 */
export async function requestCaptures(
  { targets, captures }: Pick<SpaceStore, 'targets' | 'captures'>,
  { target: name, instance, seconds, profiles }: RequestCaptureBody,
): Promise<readonly StoredCapture[]> {
  await waitForDiscovery(targets, name)
  const known = (await targets.processes([name])).filter(({ goneAtMs }) => goneAtMs === null)
  const wanted = known.filter((process) => instance === undefined || process.instance === instance)
  if (wanted.length === 0) throw noProcess(name, instance)
  const request: RequestedCapture = { profiles: profiles ?? null, seconds: seconds ?? null }
  return captures.create(
    wanted.map((process): NewCapture => ({
      origin: 'demand',
      target: name,
      component: process.component,
      instance: process.instance,
      cluster: process.cluster,
      processKey: process.key,
      schedule: null,
      request,
      seconds: null,
      labels: [],
      note: null,
    })),
  )
}

async function waitForDiscovery(targets: SpaceStore['targets'], name: string): Promise<void> {
  const endMs = performance.now() + DISCOVERY_MS_MAX
  for (;;) {
    const target: StoredTarget | null = await targets.find(name)
    if (target === null) throw new AppError('TARGET_NOT_FOUND')
    if (target.discoveredAtMs !== null || target.trouble !== null) return
    if (performance.now() > endMs) throw new AppError('COLLECTOR_ABSENT')
    await delay(POLL_MS)
  }
}

function noProcess(target: string, instance: string | undefined): AppError {
  if (instance === undefined) return new AppError('TARGET_NO_PROCESS')
  return new AppError('TARGET_NO_PROCESS', {
    message: `The target ${target} has no process "${instance}" just now.`,
    details: { instance },
  })
}
