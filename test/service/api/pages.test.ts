import { readFileSync } from 'node:fs'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

let service: StartedService
beforeAll(async () => {
  service = await startService({ works: false })
})
afterAll(() => service.stop())

const ROUTER = readFileSync(new URL('../../../web/router.tsx', import.meta.url), 'utf8')
const PAGES = [...ROUTER.matchAll(/ path: '(\/[^']*)'/g)].flatMap(([, path]) => path ?? [])
// What opens a link checks its token.
const OPENED_BY_SERVER = PAGES.filter((path) => !/^\/[se]\//.test(path))

test.each(OPENED_BY_SERVER)('the page %s opens by its address', async (path) => {
  const { status, text } = await supertest(service.server).get(path.replace(/\$\w+/, 'x'))
  // The web app is not built here.
  expect([status, text]).toEqual([503, expect.stringContaining('npm')])
})
