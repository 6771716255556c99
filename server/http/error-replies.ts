import type { FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import type { Socket } from 'node:net'
import { AppError, ERRORS, type ErrorCode, listAt, valueAt } from '../../api/index.ts'
import { failingName, faultOf, isOfSeveral } from './parameter-fault.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the error that was answered. */
    errorCode: ErrorCode | null
  }
}

/**
 * Sends any failure in the one error shape. An error other than `AppError` is a bug: logged in
 * full, its message not sent.
 */
export function replyWithError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const known = asAppError(error, request)
  if (known === null) logUnknown(error, request)
  const shown = known ?? new AppError('INTERNAL')
  request.errorCode = shown.code
  const { status, retry } = ERRORS[shown.code]
  if (status >= 500 && known !== null) {
    request.log.warn({ code: known.code, err: known }, 'request failed')
  }
  const seconds = shown.retryAfterSeconds ?? (retry === 'backoff' ? retrySeconds(status) : null)
  if (seconds !== null) void reply.header('retry-after', seconds)
  if (status === 401) void reply.header('www-authenticate', 'Bearer')
  const allow = status === 405 ? listAt(shown.details, 'allow') : []
  if (allow.length > 0) void reply.header('allow', allow.join(', '))
  if (status === 408 || status === 413) void reply.header('connection', 'close')
  // They describe the file that the route was about to send.
  for (const name of ['content-encoding', 'content-disposition', 'content-length', 'etag']) {
    void reply.removeHeader(name)
  }
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(shown, request.id)))
}

/** What a caller who went away leaves behind is no bug of ours. */
function logUnknown(error: unknown, request: FastifyRequest): void {
  const { destroyed, complete } = request.raw
  if (destroyed && !complete) request.log.info({ err: error }, 'the caller went away')
  else request.log.error({ err: error }, 'request failed by a bug')
}

export function errorBody(error: AppError, requestId: string) {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.details === null ? {} : { details: error.details }),
      requestId,
    },
  }
}

/** Answers on the raw socket when Node could not parse the request as HTTP. */
export function replyOnSocket(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = SOCKET_ERRORS[error.code ?? ''] ?? 'REQUEST_INVALID'
  const body = JSON.stringify(errorBody(new AppError(code), 'none'))
  socket.end(
    `HTTP/1.1 ${ERRORS[code].status} ${code}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Content-Type-Options: nosniff\r\n` +
      `Connection: close\r\n\r\n${body}`,
  )
}

const SOCKET_ERRORS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

/** Maps Fastify's errors to the catalogue; `null` for unexpected errors. */
export function asAppError(error: unknown, request?: FastifyRequest): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof Error)) return null
  const failures = validationFailures(error)
  if (failures !== null) return invalidRequest(failures, validationContext(error), request)
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'FST_FILES_LIMIT')
    return new AppError('UPLOAD_TOO_LARGE', { message: FILES_LIMIT, cause: error })
  const mapped = FASTIFY_ERRORS[code]
  if (mapped !== undefined) return new AppError(mapped, { message: sentence(error), cause: error })
  const status = 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 404) return new AppError('NOT_FOUND', { cause: error })
  if (status >= 400 && status < 500) {
    return new AppError('REQUEST_INVALID', { message: sentence(error), cause: error })
  }
  return null
}

const FILES_LIMIT = 'The form holds more files than one form may.'

const FASTIFY_ERRORS: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'UPLOAD_TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'UPLOAD_TOO_LARGE',
  FST_FILES_LIMIT: 'UPLOAD_TOO_LARGE',
  FST_PARTS_LIMIT: 'UPLOAD_TOO_LARGE',
  FST_FIELDS_LIMIT: 'UPLOAD_TOO_LARGE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BODY_MISSING',
}

function sentence(error: Error): string {
  return error.message.endsWith('.') ? error.message : `${error.message}.`
}

function validationFailures(error: Error): readonly FastifySchemaValidationError[] | null {
  return 'validation' in error && Array.isArray(error.validation) ? error.validation : null
}

function validationContext(error: Error): string {
  return 'validationContext' in error ? String(error.validationContext) : 'request'
}

const PLACES: Readonly<Record<string, string>> = {
  querystring: 'query parameter',
  params: 'path parameter',
  body: 'body field',
  headers: 'header',
}

/** Names the invalid parameter and its fault. */
function invalidRequest(
  failures: readonly FastifySchemaValidationError[],
  context: string,
  request: FastifyRequest | undefined,
) {
  const [first] = failures
  const isQuery = context === 'querystring'
  const ofSeveral = isQuery ? failures.find(isOfSeveral) : undefined
  const place = PLACES[context] ?? context
  const name = first === undefined ? '' : failingName(first)
  const subject = name === '' ? `The ${context}` : `The ${place} "${name}"`
  const value = isQuery && ofSeveral === undefined ? valueAt(request?.query, name) : undefined
  const failure = ofSeveral ?? first
  const fault = failure === undefined ? 'is not valid' : faultOf(failure, value)
  return new AppError('REQUEST_INVALID', {
    message: `${subject} ${fault}.`,
    details: { in: place, name },
  })
}

/** Adds jitter, so that callers refused together do not retry together. */
function retrySeconds(status: number): number {
  const base = status === 503 ? 5 : 2
  return Math.max(1, Math.round(base * (0.8 + Math.random() * 0.4)))
}
