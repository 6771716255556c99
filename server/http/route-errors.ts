import type { FastifyContextConfig, FastifySchema } from 'fastify'
import { ERRORS, type ErrorCode } from '../../api/index.ts'
import { hasParameters } from './no-parameters.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route can answer besides what `errorsOf` knows of every route like it. */
    errors?: readonly ErrorCode[]
  }
}

type Codes = readonly ErrorCode[]

/** Of a request to any address. */
const ANYWHERE: Codes = [
  'REQUEST_INVALID',
  'REQUEST_TIMEOUT',
  'HOST_NOT_ALLOWED',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'SHUTTING_DOWN',
]

/** Of rows. A caller with a role is found by them, so routes that are open to all alone name these. */
export const ROW_ERRORS: Codes = ['DATABASE_UNAVAILABLE', 'STORAGE_FULL', 'STORAGE_FAILED']

/** Of who calls. Too many wrong tokens are limited. */
const CALLER_ERRORS: Codes = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', ...ROW_ERRORS]

const CHANGE_ERRORS: Codes = ['CROSS_SITE', 'BODY_MISSING', 'UPLOAD_TOO_LARGE']

/** Of stored bytes. What was deleted or repaired meanwhile can be had later. */
export const BLOB_ERRORS: Codes = [
  'PROFILE_NOT_READY',
  'BLOB_MISSING',
  'BLOB_CORRUPT',
  'BLOB_STORE_UNAVAILABLE',
  'OVERLOADED',
]

/** Of bytes that are no profile, by what reads them. */
const READ_ERRORS: Codes = [
  'UNSUPPORTED_ENCODING',
  'NOT_A_PROFILE',
  'PROFILE_INVALID',
  'PROFILE_TOO_LARGE',
]

/** Of a profile that is not ready, or will never be. */
export const PROFILE_ERRORS: Codes = [
  'PROFILE_NOT_READY',
  'PROFILE_QUARANTINED',
  'BLOB_MISSING',
  'BLOB_CORRUPT',
  ...READ_ERRORS,
]

/** Of the report of a capture. */
export const REPORT_ERRORS: Codes = [
  'CAPTURE_NOT_FOUND',
  'CAPTURE_NOT_READY',
  'CAPTURE_FAILED',
  'BLOB_MISSING',
  'BLOB_CORRUPT',
]

/** Of bytes that are received. */
export const UPLOAD_ERRORS: Codes = [...READ_ERRORS, 'BLOB_STORE_UNAVAILABLE', 'OVERLOADED']

/** Of what a decoder computes. */
export const DECODER_ERRORS: Codes = ['VIEW_FAILED', 'VIEW_TIMEOUT', ...BLOB_ERRORS]

/** Of the query of what a decoder computes. */
const QUERY_ERRORS: Codes = ['PATTERN_INVALID', 'VIEW_INVALID']

export interface DescribedRoute {
  readonly method: string | readonly string[]
  readonly config?: FastifyContextConfig
  readonly schema?: FastifySchema
}

/** The errors that a route can answer, by their status. */
export function errorsOf({
  method,
  config = {},
  schema = {},
}: DescribedRoute): ReadonlyMap<number, Codes> {
  const { errors = [], isView = false, rateLimit } = config
  const codes = new Set<ErrorCode>([
    ...ANYWHERE,
    ...(isPublic(config) ? [] : CALLER_ERRORS),
    ...(method === 'GET' ? [] : CHANGE_ERRORS),
    // With a slash in what stands for a parameter the address is of no route.
    ...(schema.params === undefined ? [] : (['NOT_FOUND'] as const)),
    ...(isView || rateLimit !== undefined ? (['RATE_LIMITED'] as const) : []),
    ...(isView ? DECODER_ERRORS : []),
    ...(isView && hasParameters(schema.querystring) ? QUERY_ERRORS : []),
    ...errors,
  ])
  return Map.groupBy(codes, (code) => ERRORS[code].status)
}

export function isPublic(config: FastifyContextConfig): boolean {
  return 'access' in config && config.access === 'public'
}
