import { ServerError } from './call-server.ts'

/** The reply for a list without rows. */
export const NO_ROWS = { items: [], nextCursor: null }

/**
 * The reply for a list, or `nothing` where the API refuses the query: a filter of an address may have a value that no row can
 * have, such as a type that does not exist.
 */
export async function nothingIfRefused<Reply>(
  reply: Promise<Reply>,
  nothing: Reply,
): Promise<Reply> {
  try {
    return await reply
  } catch (error) {
    if (error instanceof ServerError && error.code === 'REQUEST_INVALID') return nothing
    throw error
  }
}
