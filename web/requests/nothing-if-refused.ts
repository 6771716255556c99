import { ServerError } from './call-server.ts'

/** The counts beside a list, or `nothing` where the API refuses the query: the list itself says why. */
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
