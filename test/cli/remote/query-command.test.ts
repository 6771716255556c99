import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readTime } from '../../../cli/query/fetch-range.ts'
import { readProfile } from '../../../gzip/node.ts'
import { encodeProfile, ProfileBuilder, profileFromFolded } from '../../../profile/index.ts'
import { isThorough } from '../../extent.ts'
import { lacks } from '../../requirements.ts'
import { startService, type StartedService } from '../../service/start-service.ts'
import { MEMORY_FOLDER } from '../../temporary-directory.ts'

const KUBEPROF = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))
const folder = mkdtempSync(join(MEMORY_FOLDER, 'kubeprof-query-'))
const SAMPLES = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]

let service: StartedService
let server: string
beforeAll(async () => {
  service = await startService()
  const address = service.server.address()
  server = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  for (const minute of [1, 2, 3]) await uploadCpu(minute)
})
afterAll(async () => {
  await service.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a range is printed by the reports of kubeprof pprof', async () => {
  const { code, out } = await query('{target="api"}', '--report', 'top')
  expect(code).toBe(0)
  expect(out).toContain('300ns')
  const peek = await query('{target="api"}', '--report', 'peek', '--function', 'list')
  expect(peek.out).toContain('serve')
  const flame = await query('{target="api"}', '--report', 'flame')
  expect(flame.out).toMatch(/^<svg/)
})

test('a function over time, side by side, and against another selector', async () => {
  const series = await query('{target="api"}', '--report', 'series', '--function', 'list')
  expect([series.code, series.out.trimEnd().split('\n').length]).toEqual([0, 3])
  expect(series.error).toBe('')
  const unknown = await query('{target="api"}', '--report', 'series', '--function', 'lists')
  expect(unknown).toMatchObject({ code: 0, error: expect.stringContaining('lists has no value') })
  const outliers = await query('{target="api"}', '--report', 'outliers', '--by', 'target')
  expect(outliers.out).toMatch(/target +value +from .*\n.*api/)
  const movers = await query('{target="api"}', '--report', 'movers', '--before', '{target="api"}')
  expect(movers.out).toMatch(/before +after +change/)
  expect((await query('{target="none"}', '--report', 'series')).code).toBe(3)
})

test('a time without a zone is UTC, as reports print it', () => {
  vi.stubEnv('TZ', 'Asia/Shanghai')
  for (const text of ['2026-11-28T13:56:40', '2026-11-28 13:56:40', '2026-11-28T21:56:40+08:00']) {
    expect(readTime('--from', text, 0)).toBe('2026-11-28T13:56:40.000Z')
  }
  expect(readTime('--from', '2026-11-28', 0)).toBe('2026-11-28T00:00:00.000Z')
  vi.unstubAllEnvs()
})

test('a range that is empty or cannot be read exits with 3, wrong usage with 2', async () => {
  const empty = await query('{target="none"}')
  expect([empty.code, empty.error]).toEqual([3, expect.stringContaining('no cpu profile')])
  expect((await query('{target=}')).code).toBe(3)
  expect((await query('{}', '--type', 'walls')).code).toBe(2)
  expect((await query('{}', '--pgo', '--type', 'heap')).code).toBe(2)
})

// It compiles Go's own library with the profile.
test.skipIf(lacks('go') || !isThorough)(
  'go build takes what --pgo writes, and inlines what is hot',
  async () => {
    const program = mkdtempSync(join(folder, 'program-'))
    writeFileSync(join(program, 'go.mod'), 'module example.com/hot\n\ngo 1.21\n')
    writeFileSync(join(program, 'main.go'), PROGRAM)
    await uploadHot()
    const output = join(program, 'default.pgo')
    const { code } = await query('{target="hot"}', '--pgo', '-o', output)
    expect(code).toBe(0)
    expect(readProfile(readFileSync(output)).sampleTypes).toEqual(SAMPLES)
    const { stderr } = await promisify(execFile)(
      'go',
      ['build', '-pgo', output, '-gcflags=-m', '-o', join(program, 'hot'), '.'],
      {
        cwd: program,
        env: { ...process.env, GOFLAGS: '-mod=mod', GOCACHE: join(folder, 'cache') },
      },
    )
    expect(stderr).toContain('inlining call to grow')
  },
)

test('history rebuild reads every profile again', async () => {
  const { stdout } = await promisify(execFile)(KUBEPROF, [
    'history',
    'rebuild',
    '--data',
    service.directory,
  ])
  expect(stdout).toMatch(/^read \d+ profiles again, in [1-9]\d* steps\n$/)
  expect((await query('{target="api"}')).out).toContain('300ns')
})

test('while a rebuild runs, a range says that it may lack some', async () => {
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  database.exec(`UPDATE "historyProfile" SET "state" = 'stale' WHERE "state" = 'packed'`)
  database.close()
  const top = await query('{target="api"}')
  const series = await query('{target="api"}', '--report', 'series')
  for (const { code, error } of [top, series]) {
    expect([code, error]).toEqual([0, expect.stringContaining('a rebuild of history is under way')])
  }
  expect(top.out).toContain('300ns')
})

/** Too costly to inline by the compiler's own rules, but not when it is hot. */
const PROGRAM = `package main

import "os"

func main() { os.Exit(work(10)) }

func work(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum += grow(i)
	}
	return sum & 1
}

func grow(i int) int {
	a := i*3 + 1
	b := a*5 + i
	c := b*7 + a
	d := c*9 + b
	if d&1 == 0 {
		d = d*11 + a
	}
	if d&2 == 0 {
		d = d*13 + b
	}
	if d&4 == 0 {
		d = d*17 + c
	}
	if d&8 == 0 {
		d = d*19 + a*b
	}
	if d&16 == 0 {
		d = d*23 + b*c
	}
	if d&32 == 0 {
		d = d*29 + a*c
	}
	return a + b + c + d
}
`

async function uploadHot(): Promise<void> {
  const builder = new ProfileBuilder({
    sampleTypes: SAMPLES,
    durationNs: 10_000_000_000n,
    timeNs: BigInt(Date.now()) * 1_000_000n,
  })
  const file = 'main.go'
  const main = builder.func({ name: 'main.work', file, startLine: 7 })
  const grow = builder.func({ name: 'main.grow', file, startLine: 15 })
  const locations = [
    builder.location({ address: 1n, lines: [{ func: main, line: 10 }] }),
    builder.location({ address: 2n, lines: [{ func: grow, line: 20 }] }),
  ]
  builder.sample({ locations, values: [1000, 10_000_000_000] })
  await upload(encodeProfile(builder.finish()), 'hot')
}

async function uploadCpu(minute: number): Promise<void> {
  const timeNs = BigInt(Date.now() - minute * 60_000) * 1_000_000n
  const type = { type: 'cpu', unit: 'nanoseconds' }
  const profile = profileFromFolded('main;serve;list 100\nmain;gc 20', type, {
    timeNs,
    durationNs: 10_000_000_000n,
  })
  await upload(encodeProfile(profile), 'api')
}

async function upload(bytes: Uint8Array, target: string): Promise<void> {
  const { body } = await supertest(service.server)
    .post('/api/v1/profiles')
    .query({ target, type: 'cpu', wait: '90s' })
    .set('content-type', 'application/octet-stream')
    .send(Buffer.from(bytes))
  expect(body.profile).toMatchObject({ status: 'ready' })
}

function query(...args: readonly string[]) {
  return new Promise<{ code: number; out: string; error: string }>((resolve) => {
    execFile(KUBEPROF, ['query', '--server', server, ...args], (failure, out, error) => {
      resolve({ code: typeof failure?.code === 'number' ? failure.code : 0, out, error })
    })
  })
}
