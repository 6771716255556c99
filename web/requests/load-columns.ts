import { localProfile } from '../local-profiles/local-profiles.ts'
import { localIdOf } from '../paths.ts'
import { fetchBytes } from './call-server.ts'

/** The columns at an address of `columnsPath`, to be transferred. Throws `ServerError`, or an Error for a closed file. */
export async function loadColumns(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const id = localIdOf(path)
  if (id === null) return fetchBytes(path, signal)
  const kept = localProfile(id)
  if (kept === null) throw new Error('The file is no longer open in this browser.')
  return kept.columns.slice(0)
}
