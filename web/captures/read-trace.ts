import { summariseTrace, type TraceSummary } from '../../profile/index.ts'
import { captureFileApiPath } from '../paths.ts'
import { fetchBytes } from '../requests/call-server.ts'

/** Fetches an execution trace and sums it up. Throws a ServerError or a ProfileFormatError. */
export async function readTrace(
  captureId: string,
  fileName: string,
  signal: AbortSignal,
): Promise<TraceSummary> {
  const bytes = await fetchBytes(captureFileApiPath(captureId, fileName), signal)
  return summariseTrace(new Uint8Array(bytes))
}
