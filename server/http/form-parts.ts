import type { Multipart } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../api/index.ts'

/**
 * The fields and files of a form as they arrive. Throws REQUEST_INVALID when the body is no form, has
 * no boundary, or ends before the form does.
 */
export async function* formParts(request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield* request.parts()
  } catch (error) {
    throw explainFormError(error)
  }
}

/** Errors with a code are Fastify's own, such as a limit; the others are of the parser. */
function explainFormError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError || 'code' in error) return error
  return new AppError('REQUEST_INVALID', {
    message: `The form cannot be read: ${error.message.replace(/\.$/, '')}.`,
    cause: error,
  })
}
