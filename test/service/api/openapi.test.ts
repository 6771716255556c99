import { readdirSync, readFileSync } from 'node:fs'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ERRORS, type ErrorCode, isErrorCode } from '../../../api/index.ts'
import { startService, type StartedService } from '../start-service.ts'
import { undescribedAnswers } from './undescribed-answers.ts'

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: object
  readonly responses: Readonly<Record<string, { readonly description?: string }>>
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
}

let service: StartedService
let operations: readonly (readonly [string, Operation])[]
let description: Readonly<Record<string, unknown>>
beforeAll(async () => {
  service = await startService({ works: false })
  description = (await supertest(service.server).get('/api/openapi.json')).body
  operations = Object.entries(description['paths'] ?? {}).flatMap(([path, methods]) =>
    Object.entries<Operation>(methods).map(([method, operation]): readonly [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  )
})
afterAll(() => service.stop())

test('the description names every address of the API', () => {
  expect(operations.map(([name]) => name).toSorted()).toEqual([
    'delete /api/v1/captures/{id}',
    'delete /api/v1/captures/{id}/pin',
    'delete /api/v1/links/{id}',
    'delete /api/v1/profiles/{id}',
    'delete /api/v1/profiles/{id}/pin',
    'delete /api/v1/session',
    'delete /api/v1/targets/{name}',
    'delete /api/v1/tokens/{id}',
    'get /api/v1/audit',
    'get /api/v1/captures',
    'get /api/v1/captures/facets',
    'get /api/v1/captures/{id}',
    'get /api/v1/captures/{id}/bundle',
    'get /api/v1/captures/{id}/events',
    'get /api/v1/captures/{id}/files/{name}',
    'get /api/v1/captures/{id}/nearest',
    'get /api/v1/captures/{id}/report',
    'get /api/v1/captures/{id}/trace',
    'get /api/v1/compare',
    'get /api/v1/findings',
    'get /api/v1/findings/facets',
    'get /api/v1/findings/{id}',
    'get /api/v1/findings/{id}/trend',
    'get /api/v1/history/estimate',
    'get /api/v1/history/stats',
    'get /api/v1/links',
    'get /api/v1/merge',
    'get /api/v1/profiles',
    'get /api/v1/profiles/facets',
    'get /api/v1/profiles/{id}',
    'get /api/v1/profiles/{id}/columns',
    'get /api/v1/profiles/{id}/export',
    'get /api/v1/profiles/{id}/flame',
    'get /api/v1/profiles/{id}/graph',
    'get /api/v1/profiles/{id}/nearest',
    'get /api/v1/profiles/{id}/peek',
    'get /api/v1/profiles/{id}/png',
    'get /api/v1/profiles/{id}/raw',
    'get /api/v1/profiles/{id}/report',
    'get /api/v1/profiles/{id}/svg',
    'get /api/v1/profiles/{id}/tags',
    'get /api/v1/profiles/{id}/top',
    'get /api/v1/profiles/{id}/traces',
    'get /api/v1/profiles/{id}/tree',
    'get /api/v1/range/columns',
    'get /api/v1/range/flame',
    'get /api/v1/range/graph',
    'get /api/v1/range/labels',
    'get /api/v1/range/movers',
    'get /api/v1/range/outliers',
    'get /api/v1/range/peek',
    'get /api/v1/range/raw',
    'get /api/v1/range/requests',
    'get /api/v1/range/series',
    'get /api/v1/range/top',
    'get /api/v1/range/tree',
    'get /api/v1/range/values',
    'get /api/v1/rules',
    'get /api/v1/rules/{id}',
    'get /api/v1/schedules',
    'get /api/v1/session',
    'get /api/v1/shared/{token}',
    'get /api/v1/shared/{token}/before/columns',
    'get /api/v1/shared/{token}/before/flame',
    'get /api/v1/shared/{token}/before/graph',
    'get /api/v1/shared/{token}/before/peek',
    'get /api/v1/shared/{token}/before/png',
    'get /api/v1/shared/{token}/before/report',
    'get /api/v1/shared/{token}/before/svg',
    'get /api/v1/shared/{token}/before/tags',
    'get /api/v1/shared/{token}/before/top',
    'get /api/v1/shared/{token}/before/traces',
    'get /api/v1/shared/{token}/before/tree',
    'get /api/v1/shared/{token}/capture-report',
    'get /api/v1/shared/{token}/columns',
    'get /api/v1/shared/{token}/flame',
    'get /api/v1/shared/{token}/graph',
    'get /api/v1/shared/{token}/peek',
    'get /api/v1/shared/{token}/png',
    'get /api/v1/shared/{token}/report',
    'get /api/v1/shared/{token}/svg',
    'get /api/v1/shared/{token}/tags',
    'get /api/v1/shared/{token}/top',
    'get /api/v1/shared/{token}/traces',
    'get /api/v1/shared/{token}/tree',
    'get /api/v1/spaces',
    'get /api/v1/targets',
    'get /api/v1/targets/{name}',
    'get /api/v1/tokens',
    'get /api/v1/trend',
    'get /debug/pprof/heap',
    'get /debug/pprof/profile',
    'get /healthz',
    'get /metrics',
    'get /readyz',
    'post /api/v1/captures',
    'post /api/v1/captures/{id}/cancel',
    'post /api/v1/findings/{id}/acknowledge',
    'post /api/v1/findings/{id}/mute',
    'post /api/v1/findings/{id}/reopen',
    'post /api/v1/links',
    'post /api/v1/profiles',
    'post /api/v1/schedules/{name}/pause',
    'post /api/v1/schedules/{name}/resume',
    'post /api/v1/session',
    'post /api/v1/spaces',
    'post /api/v1/targets',
    'post /api/v1/targets/reload',
    'post /api/v1/targets/{name}/pause',
    'post /api/v1/targets/{name}/resume',
    'post /api/v1/targets/{name}/test',
    'post /api/v1/tokens',
    'post /api/v1/triggers/alertmanager',
    'put /api/v1/captures/{id}/pin',
    'put /api/v1/profiles/{id}/pin',
    'put /api/v1/session',
    'put /api/v1/targets/{name}',
  ])
})

test('every operation has a summary and its responses', () => {
  const lacking = operations.filter(
    ([, { summary, responses }]) => summary === undefined || Object.keys(responses).length === 0,
  )
  expect(lacking).toEqual([])
})

test('every answer of an operation has a sentence of its own', () => {
  const silent = operations.flatMap(([name, { responses }]) =>
    Object.entries(responses)
      .filter(([, { description: text = '' }]) => !/^[A-Z].*[a-z].*[.?)]$|: /s.test(text))
      .map(([status, { description: text }]) => `${name} ${status}: ${text}`),
  )
  expect(silent).toEqual([])
})

test('the sentence of an answer is what was asked for, or what became of it', () => {
  expect(sentenceOf('get /api/v1/profiles', '200')).toBe('Profiles, newest first.')
  expect(sentenceOf('delete /api/v1/profiles/{id}', '204')).toBe('Done; the answer has no body.')
  expect(sentenceOf('post /api/v1/profiles', '200')).toMatch(/already stored/)
})

test.each([
  'get /api/v1/captures',
  'get /api/v1/captures/facets',
  'get /api/v1/merge',
  'get /api/v1/profiles',
  'get /api/v1/profiles/facets',
  'get /api/v1/trend',
  'post /api/v1/captures',
  'post /api/v1/profiles',
])('%s describes its parameters label.NAME', (name) => {
  const { parameters = [] } = operations.find(([found]) => found === name)?.[1] ?? {}
  expect(parameters.find((one) => one.name === 'label.NAME')).toEqual({
    in: 'query',
    name: 'label.NAME',
    required: false,
    description: expect.stringContaining('`label.zone=a`'),
    // Of an object each property is a parameter by itself, as `style: form` and `explode: true` are.
    schema: {
      type: 'object',
      propertyNames: { pattern: String.raw`^label\.[A-Za-z0-9_./-]{1,100}$` },
      additionalProperties: { type: 'string', maxLength: 1000 },
    },
  })
})

test('every operation names each status, and each error its codes', () => {
  const errors = operations.flatMap(([name, { responses }]) =>
    Object.keys(responses)
      .filter((status) => !/^[23]\d\d$/.test(status))
      .map((status) => ({ name, status, codes: codesOf(name, status) })),
  )
  expect(errors.filter(({ codes }) => codes.length === 0)).toEqual([
    { name: 'get /readyz', status: '503', codes: [] },
  ])
  const wrong = errors.filter(({ status, codes }) =>
    codes.some((code) => String(ERRORS[code].status) !== status),
  )
  expect(wrong).toEqual([])
})

test('an operation has the errors of every one like it, and its own', () => {
  expect(errorsOf('put /api/v1/targets/{name}')).toEqual({
    400: ['REQUEST_INVALID', 'BODY_MISSING'],
    401: ['UNAUTHENTICATED'],
    403: ['FORBIDDEN', 'CROSS_SITE', 'TARGET_ADDRESS_DENIED'],
    404: ['NOT_FOUND', 'TARGET_NOT_FOUND'],
    408: ['REQUEST_TIMEOUT'],
    409: ['TARGET_OF_FILE'],
    413: ['UPLOAD_TOO_LARGE'],
    421: ['HOST_NOT_ALLOWED'],
    422: ['TARGET_INVALID'],
    429: ['RATE_LIMITED'],
    431: ['HEADERS_TOO_LARGE'],
    500: ['INTERNAL'],
    503: ['SHUTTING_DOWN', 'DATABASE_UNAVAILABLE', 'STORAGE_FULL', 'STORAGE_FAILED'],
  })
  expect(errorsOf('get /healthz')).toEqual({
    400: ['REQUEST_INVALID'],
    408: ['REQUEST_TIMEOUT'],
    421: ['HOST_NOT_ALLOWED'],
    431: ['HEADERS_TOO_LARGE'],
    500: ['INTERNAL'],
    503: ['SHUTTING_DOWN'],
  })
})

test('each code is of an operation, or of what is none', () => {
  const answered = new Set(operations.flatMap(([name]) => Object.values(errorsOf(name)).flat()))
  const rest = Object.keys(ERRORS).filter((code) => isErrorCode(code) && !answered.has(code))
  const parts = [
    'CAPTURE_MISSED',
    'COLLECTOR_GONE',
    'PROFILE_KIND_UNKNOWN',
    'PROFILE_TRUNCATED',
    'TARGET_BUSY',
    'TARGET_CREDENTIALS',
    'TARGET_FORBIDDEN',
    'TARGET_PROFILING_DISABLED',
    'TARGET_REDIRECTED',
    'TARGET_RESPONSE_INVALID',
    'TARGET_THROTTLED',
    'TARGET_TIMEOUT',
    'TARGET_TLS',
    'TARGET_UNAUTHENTICATED',
    'TARGET_UNREACHABLE',
    'TARGET_WRITE_TIMEOUT',
    'VERBOSITY_UNKNOWN',
  ]
  // Of addresses without an operation, of the service's own work, and of sign-in where it is configured.
  const others = ['METHOD_NOT_ALLOWED', 'QUEUE_UNAVAILABLE', 'SIGN_IN_FAILED']
  expect(rest.toSorted()).toEqual([...parts, ...others].toSorted())
})

test('an answer that the description does not have is found in a log', () => {
  const answer = { msg: 'request answered', method: 'HEAD', route: '/api/v1/profiles/:id' }
  const answers = [
    { ...answer, status: 200 },
    { ...answer, status: 404, code: 'PROFILE_NOT_FOUND' },
    { ...answer, status: 404, code: 'TARGET_NOT_FOUND' },
    { ...answer, status: 202 },
    { ...answer, status: 405, code: 'METHOD_NOT_ALLOWED' },
    { ...answer, status: 404, code: 'NOT_FOUND', route: '(none)' },
  ]
  const lines = answers.map((one) => JSON.stringify(one))
  const of = { method: 'get', route: '/api/v1/profiles/{id}' }
  expect(undescribedAnswers(service.app, lines)).toEqual([
    JSON.stringify({ ...of, status: 404, code: 'TARGET_NOT_FOUND' }),
    JSON.stringify({ ...of, status: 202, code: null }),
  ])
})

test('the description is OpenAPI 3.1 whose references all lead somewhere', () => {
  expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'kubeprof' } })
  const references = [...JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g)]
  for (const [, path = ''] of references) expect(lookUp(path)).toBeDefined()
})

test('every route declares its access', () => {
  const silent = routeFiles().filter(({ text }) => {
    const routes = [...text.matchAll(/\b(?:app|scope)\.(?:get|post|put|patch|delete)\(\n/g)].length
    return routes > [...text.matchAll(/config[:,]/g)].length
  })
  expect(silent.map(({ file }) => file)).toEqual([])
})

test('the page that shows the description fetches nothing from elsewhere', async () => {
  const { status, text } = await supertest(service.server).get('/api/docs/')
  expect(status).toBe(200)
  expect([...text.matchAll(/(?:src|href)="(https?:|\/\/)/g)]).toEqual([])
})

function lookUp(path: string): unknown {
  return path
    .split('/')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
      description,
    )
}

function routeFiles() {
  const folder = new URL('../../../server/', import.meta.url)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('-routes.ts') && !file.endsWith('/web-routes.ts'))
    .map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }))
}

test('answers that are files have each of their content types, and errors are JSON', () => {
  expect(typesOf('get /api/v1/profiles/{id}/export', '200')).toEqual([
    'application/gzip',
    'text/plain',
    'application/json',
    'text/csv',
  ])
  expect(typesOf('get /api/v1/captures/{id}/events', '200')).toEqual(['text/event-stream'])
  expect(typesOf('get /api/v1/captures/{id}/events', '404')).toEqual(['application/json'])
})

test('events are not described as one text', () => {
  expect(contentOf('get /api/v1/captures/{id}/events', '200')).toEqual({
    'text/event-stream': { schema: {} },
  })
})

test('a file of JSON is described as JSON, and other files as bytes', () => {
  expect(contentOf('get /api/v1/profiles/{id}/export', '200')).toMatchObject({
    'application/gzip': { schema: { type: 'string', format: 'binary' } },
    'application/json': { schema: {} },
  })
  expect(typesOf('get /api/v1/merge', '200')).toEqual(['application/json', 'application/gzip'])
  expect(contentOf('get /api/v1/profiles/{id}/export', '200')).not.toMatchObject({
    'application/json': { schema: { type: 'string' } },
  })
})

function sentenceOf(name: string, status: string): string | undefined {
  return operations.find(([found]) => found === name)?.[1].responses[status]?.description
}

/** The codes of an operation's errors by their status. */
function errorsOf(name: string): Readonly<Record<string, readonly ErrorCode[]>> {
  const statuses = Object.keys(operations.find(([found]) => found === name)?.[1].responses ?? {})
  const codes = statuses.map((status) => [status, codesOf(name, status)] as const)
  return Object.fromEntries(codes.filter(([, { length }]) => length > 0))
}

function codesOf(name: string, status: string): readonly ErrorCode[] {
  const [, quoted = ''] =
    /"code":\{"enum":\[([^\]]*)\]/.exec(JSON.stringify(contentOf(name, status))) ?? []
  return quoted.split(/[",]+/).filter(isErrorCode)
}

/** The content types of an operation's response. */
function typesOf(name: string, status: string): readonly string[] {
  return Object.keys(contentOf(name, status))
}

/** The content of an operation's response by its type. */
function contentOf(name: string, status: string): object {
  const responses = operations.find(([found]) => found === name)?.[1].responses ?? {}
  const response = responses[status]
  const hasContent = typeof response === 'object' && response !== null && 'content' in response
  return Object(hasContent ? response.content : {})
}
