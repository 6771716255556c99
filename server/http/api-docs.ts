import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifySchema } from 'fastify'
import { ERRORS, type ErrorCode, ErrorReply } from '../../api/index.ts'
import { sentenceOfAnswer } from './answer-sentences.ts'
import type { App } from './app.ts'
import { errorsOf, isPublic, type DescribedRoute } from './route-errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The content types of a 200 that is not JSON. */
    sends?: readonly string[]
    /** The content types of a body that no schema checks, because it is a stream. */
    takes?: readonly string[]
  }
}

const LABELS =
  'Any number of labels, each a parameter by itself: `label.zone=a`. Names have up to 100 letters, digits and `_./-`. ' +
  'An empty value is none: a list then has what is without the label.'

/** Dark as the app's pages are: as chosen there, where Mantine keeps it, else as the system is. */
const DARK_MODE = `{
  const system = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    const chosen = localStorage.getItem('mantine-color-scheme-value')
    const isDark = chosen === 'dark' || (chosen !== 'light' && system.matches)
    document.documentElement.classList.toggle('dark-mode', isDark)
  }
  system.addEventListener('change', follow)
  follow()
}
`
const ERROR_SCHEMA = 'ErrorReply'

/** The OpenAPI description, made from the routes' schemas, and a page to read it. Register before the routes. */
export async function apiDocs(app: App, version: string): Promise<void> {
  app.addSchema({ ...ErrorReply, $id: ERROR_SCHEMA })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'kubeprof',
        version,
        description: 'Upload Go pprof profiles of a Kubernetes control plane; read what is wrong.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: '__Host-kubeprof' },
        },
      },
    },
    transform: describeRoute,
    refResolver: {
      buildLocalReference: ({ $id }, _baseUri, _fragment, index) =>
        typeof $id === 'string' ? $id : `schema-${index}`,
    },
  })
  app.get('/api/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, () =>
    app.swagger(),
  )
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = Object.assign({}, route.config, { access: 'public' })
    })
    await scope.register(swaggerUi, {
      routePrefix: '/api/docs',
      logLevel: 'warn',
      // Without the top bar, which asks for the address of another description, below another project's logo.
      uiConfig: { layout: 'BaseLayout' },
      theme: { title: 'kubeprof API', js: [{ filename: 'kubeprof.js', content: DARK_MODE }] },
    })
  })
}

interface Description {
  readonly schema?: FastifySchema
  readonly url: string
  readonly route: DescribedRoute
}

/**
 * Completes the schema of a route by what its `config` says: who may call it, bytes in and out, and its errors. A status
 * that the schema has stays as it is.
 */
function describeRoute({ schema = {}, url, route }: Description) {
  const { config = {} } = route
  const { sends, takes } = config
  const response: Readonly<Record<string, unknown>> = { ...Object(schema.response) }
  const described = {
    ...schema,
    ...(schema.querystring === undefined ? {} : { querystring: withLabels(schema.querystring) }),
    security: isPublic(config) ? [] : [{ token: [] }, { session: [] }],
    response: {
      ...errorResponses(route),
      ...withSentences(
        { ...response, ...(sends === undefined ? {} : { 200: bytesOf(sends, response[200]) }) },
        { method: [route.method].flat()[0] ?? '', ...schema },
      ),
    },
    ...(takes === undefined ? {} : { body: withBytes(schema.body, takes) }),
  }
  return { schema: described, url }
}

function errorResponses(route: DescribedRoute) {
  return Object.fromEntries(
    [...errorsOf(route)].map(([status, codes]) => [status, errorResponse(codes)]),
  )
}

function errorResponse(codes: readonly ErrorCode[]) {
  const code = { enum: codes }
  const ofCode = { properties: { error: { properties: { code } } } }
  const schema = { allOf: [{ $ref: `${ERROR_SCHEMA}#` }, ofCode] }
  return {
    description: codes.map((one) => `${one}: ${ERRORS[one].say}`).join('\n\n'),
    content: { 'application/json': { schema } },
  }
}

/** Each answer with a description: its own, or else what its route and status say. */
function withSentences(
  responses: Readonly<Record<string, unknown>>,
  route: Parameters<typeof sentenceOfAnswer>[0],
) {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => {
      const { description = sentenceOfAnswer(route, status) } = Object(response)
      return [status, { ...Object(response), 'x-response-description': description }]
    }),
  )
}

/**
 * A query with one parameter for all that a pattern names: as a parameter that is an object, whose properties are
 * parameters by themselves. A pattern of properties is nothing that OpenAPI has.
 */
function withLabels(querystring: unknown): unknown {
  const { properties, patternProperties, ...query } = Object(querystring)
  const [[pattern, value] = []] = Object.entries(Object(patternProperties))
  if (pattern === undefined) return querystring
  const labels = {
    type: 'object',
    description: LABELS,
    propertyNames: { pattern },
    additionalProperties: value,
  }
  return { ...query, properties: { ...properties, 'label.NAME': labels } }
}

function withBytes(body: unknown, types: readonly string[]) {
  const known: object = typeof body === 'object' && body !== null ? body : {}
  const content: unknown = 'content' in known ? known.content : {}
  return { content: { ...bytesOf(types).content, ...Object(content) } }
}

/** Readers take these apart: JSON, and events, of which each is one thing. */
const STRUCTURED = /^(application\/json|text\/event-stream)/

/** `json` is what the route answers where the caller asks for no bytes; undefined if it always sends these. */
function bytesOf(types: readonly string[], json?: unknown) {
  const bytes = { type: 'string', format: 'binary' }
  const content = Object.fromEntries(
    types.map((type) => [type, { schema: STRUCTURED.test(type) ? {} : bytes }]),
  )
  if (json === undefined) return { content }
  return { content: { 'application/json': { schema: json }, ...content } }
}
