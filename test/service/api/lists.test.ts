import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isRecord, listAt } from '../../../api/index.ts'
import { startService, type StartedService } from '../start-service.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService({ works: false })
})
afterAll(() => service.stop())

/** Items of these are no list that goes on: functions of one profile or range, and the parts of a sum. */
const VIEWS_WITH_ITEMS = /\/(peek|tree|estimate)$/

test('every list has its items and where the next ones are', async () => {
  const { body } = await supertest(service.server).get('/api/openapi.json')
  const lists = Object.entries<unknown>(body.paths)
    .filter(([path]) => !VIEWS_WITH_ITEMS.test(path))
    .map(([path, methods]) => ({ path, fields: fieldsOf(body, methods) }))
    .filter(({ fields }) => fields.includes('items'))
  expect(lists.length).toBeGreaterThan(11)
  expect(lists.filter(({ fields }) => !fields.includes('nextCursor'))).toEqual([])
})

test.each(['rules', 'spaces', 'schedules', 'history/stats', 'range/labels', 'range/values?name=x'])(
  'the answer of /%s is whole',
  async (path) => {
    const { status, body } = await supertest(service.server).get(`/api/v1/${path}`)
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['items', 'nextCursor'])
    expect(body.nextCursor).toBeNull()
  },
)

/** What the JSON that GET answers has to have. */
function fieldsOf(description: unknown, methods: unknown): readonly unknown[] {
  const content = at(methods, 'get', 'responses', '200', 'content', 'application/json')
  const schema = at(content, 'schema')
  const path = at(schema, '$ref')
  const named = typeof path === 'string' ? at(description, ...path.split('/').slice(1)) : schema
  return listAt(named, 'required')
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isRecord(found) ? found[key] : undefined), value)
}
