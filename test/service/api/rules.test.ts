import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startService, type StartedService } from '../start-service.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeprof-own-rules-'))
let service: StartedService

beforeAll(async () => {
  writeFileSync(
    join(folder, 'own.poll.yaml'),
    `id: own.poll
title: {en: "The operator polls", zh: "operator 在轮询"}
meaning: {en: "{share} of the CPU time polls.", zh: "{share} 的 CPU 时间在轮询。"}
reads: cpu
where: {any: ["main.poll"]}
levels: {warning: lo >= 0.2}
`,
  )
  writeFileSync(join(folder, 'broken.yaml'), 'id: own.broken\nreads: cpu\nwhere: {any: ["(*"]}\n')
  service = await startService({ settings: { 'worker.rulesDirectory': folder } })
})
afterAll(async () => {
  await service.stop()
  rmSync(folder, { recursive: true })
})

test('rules are listed, those of the own folder among them', async () => {
  const { body } = await supertest(service.server).get('/api/v1/rules').expect(200)
  const ids = body.items.map(({ id }: { readonly id: string }) => id)
  expect(ids).toContain('apiserver.list-from-etcd')
  expect(body.items.filter(({ isOwn }: { readonly isOwn: boolean }) => isOwn)).toMatchObject([
    { id: 'own.poll', title: { en: 'The operator polls' }, reads: ['cpu'] },
  ])
})

test('a rule has its meaning, how to confirm it and what to change', async () => {
  const { body } = await supertest(service.server)
    .get('/api/v1/rules/apiserver.list-from-etcd')
    .expect(200)
  expect(body).toMatchObject({ id: 'apiserver.list-from-etcd', isOwn: false, versions: null })
  expect(body.meaning.en).toMatch(/^N% of the CPU time/)
  expect(body.levels[0]).toEqual({
    reads: 'cpu',
    level: 'critical',
    condition: 'etcd.lo >= 0.35 and etcd.cores >= 1',
  })
  expect(body.file).toMatch(/^id: apiserver\.list-from-etcd\n/)
})

test('an unknown rule answers RULE_NOT_FOUND', async () => {
  const { body } = await supertest(service.server).get('/api/v1/rules/own.broken').expect(404)
  expect(body.error.code).toBe('RULE_NOT_FOUND')
})

test('a broken rule is reported with file, line and column at the start, and left out', () => {
  const lines = service.logLines.filter((line) => line.includes('a rule is left out'))
  expect(lines.join()).toMatch(/broken\.yaml:\d+:\d+: /)
})
