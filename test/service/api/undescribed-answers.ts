import '@fastify/swagger'
import { isRecord } from '../../../api/index.ts'
import type { buildServer } from '../../../server/index.ts'

type App = Awaited<ReturnType<typeof buildServer>>

/** Descriptions by the addresses that they are of: making one takes a tenth of a second. */
const known = new Map<string, unknown>()

/**
 * The answers among the lines of a log whose status, or code of an error, the OpenAPI description does not have for
 * their operation.
 */
export function undescribedAnswers(app: App, logLines: readonly string[]): readonly string[] {
  const paths = pathsOf(app)
  const answers = logLines.filter((line) => line.includes('"request answered"')).map(readAnswer)
  const found = answers.filter(
    ({ method, route, status, code }) =>
      // A method that the address does not have is no operation of it.
      status !== 405 &&
      isRecord(at(paths, route)) &&
      !isDescribed(at(paths, route, method, 'responses', status), code),
  )
  return [...new Set(found.map((answer) => JSON.stringify(answer)))]
}

function pathsOf(app: App): unknown {
  const key = JSON.stringify(app.routeTable)
  if (!known.has(key)) known.set(key, app.swagger().paths)
  return known.get(key)
}

function readAnswer(line: string) {
  const { method, route, status, code } = JSON.parse(line)
  return {
    // What answers GET answers HEAD as well.
    method: method === 'HEAD' ? 'get' : String(method).toLowerCase(),
    route: String(route).replaceAll(/:(\w+)/g, '{$1}'),
    status: Number(status),
    code: code === undefined ? null : String(code),
  }
}

function isDescribed(response: unknown, code: string | null): boolean {
  if (response === undefined || code === null) return response !== undefined
  const ofCode = at(response, 'content', 'application/json', 'schema', 'allOf', 1)
  const codes = at(ofCode, 'properties', 'error', 'properties', 'code', 'enum')
  return Array.isArray(codes) && codes.includes(code)
}

function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  )
}
