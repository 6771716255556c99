import { healthPath } from '../paths.ts'

const PATIENCE_MS = 4000

/** Whether the server answers at all, with whatever status. */
export async function isServerReachable(signal?: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  try {
    await fetch(healthPath, {
      cache: 'no-store',
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    })
    return true
  } catch {
    return false
  }
}
