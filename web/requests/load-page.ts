import { listApiPath } from '../paths.ts'
import { callServer } from './call-server.ts'

interface PageRequest {
  readonly limit: string
  readonly filter: Readonly<Record<string, string>>
  /** Where the page before ended; `''` for the first one. */
  readonly cursor: string
  readonly signal: AbortSignal
}

/** A page of profiles or captures, newest first, that match the parameters of the API. */
export function loadPage<Reply>(
  list: Parameters<typeof listApiPath>[0],
  { limit, filter, cursor, signal }: PageRequest,
): Promise<Reply> {
  const path = listApiPath(list, { limit, ...filter, ...(cursor === '' ? {} : { cursor }) })
  return callServer<Reply>(path, { signal })
}
