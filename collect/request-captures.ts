import { AppError, type RequestCaptureBody } from '../api/index.ts'
import type { NewCapture, RequestedCapture, Store, StoredCapture } from '../store/index.ts'

/**
 * Has captures wait that somebody asks for: one of each process of the target, or of the one instance. A collector takes
 * them as soon as it may. Throws TARGET_NOT_FOUND and TARGET_NO_PROCESS.
 */
export async function requestCaptures(
  { targets, captures }: Pick<Store, 'targets' | 'captures'>,
  { target: name, instance, seconds, profiles }: RequestCaptureBody,
): Promise<readonly StoredCapture[]> {
  const target = await targets.find(name)
  if (target === null) throw new AppError('TARGET_NOT_FOUND')
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
      requestJson: JSON.stringify(request),
      seconds: null,
      labels: [],
      note: null,
    })),
  )
}

function noProcess(target: string, instance: string | undefined): AppError {
  if (instance === undefined) return new AppError('TARGET_NO_PROCESS')
  return new AppError('TARGET_NO_PROCESS', {
    message: `The target ${target} has no process "${instance}" just now.`,
    details: { instance },
  })
}
