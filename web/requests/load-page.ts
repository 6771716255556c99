import { listApiPath } from '../paths.ts'
import { callServer } from './call-server.ts'
import { NO_ROWS, nothingIfRefused } from './nothing-if-refused.ts'

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
): Promise<Reply | typeof NO_ROWS> {
  const path = listApiPath(list, { limit, ...filter, ...(cursor === '' ? {} : { cursor }) })
  return nothingIfRefused<Reply | typeof NO_ROWS>(callServer<Reply>(path, { signal }), NO_ROWS)
}
