import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { isThorough } from '../../extent.ts'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

const kubeprof = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))
const folder = fileURLToPath(new URL('../../fixtures/conformance/goruntime/', import.meta.url))

test('-http serves the file, analysed, and leaves nothing behind', async () => {
  const temporary = await temporaryDirectory()
  const child = start(['-http=:', join(folder, 'cpu.1.pb.gz')], temporary)
  const [, origin = '', id = ''] =
    /on (http:\S+)\/profiles\/(\S+)$/.exec(await firstLine(child)) ?? []
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  const report = await fetch(`${origin}/api/v1/profiles/${id}/report`)
  expect(report.status).toBe(200)
  expect(await report.json()).toMatchObject({ inputs: [{ type: 'cpu' }] })
  expect(readdirSync(temporary)).toHaveLength(1)
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect(readdirSync(temporary)).toEqual([])
})

test('-http opens the page with the filters of the command line', async () => {
  const flags = ['-focus=main.*work', '-tagignore=k=1:', '-sample_index=0', '-cum', '-lines']
  const child = start(
    ['-http=:', ...flags, '-hide=runtime', join(folder, 'cpu.1.pb.gz')],
    await temporaryDirectory(),
  )
  const lines = createInterface(child.stderr)[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('The page does not use -lines')
  const url = new URL(String((await lines.next()).value).replace('Serving web UI on ', ''))
  expect(Object.fromEntries(url.searchParams)).toEqual({
    si: 'samples',
    f: 'main.*work',
    h: 'runtime',
    ti: 'k=1:',
    sort: 'cum',
  })
})

test.runIf(isThorough)('-http shows frames that flags make of labels', async () => {
  const path = join(folder.replace('goruntime', 'own'), 'labels.pb.gz')
  const child = start(['-http=:', '-tagroot=key', path], await temporaryDirectory())
  const url = new URL((await firstLine(child)).replace('Serving web UI on ', ''))
  const top = await fetch(`${url.origin}/api/v1${url.pathname}/top`)
  const { output } = await runPprofHere(['-top', '-cum', '-tagroot=key', path])
  const body = await top.text()
  const names = [...output.matchAll(/100% {2}(\S+)$/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(0)
  for (const name of names) expect(body).toContain(`"${name}"`)
})

test.each([
  ['-focus=(', 'parsing focus regexp'],
  ['-sample_index=nosuch', 'sample_index "nosuch" must be one of'],
])('-http refuses %s before it serves', async (flag, sentence) => {
  const { errors, exitCode } = await runPprofHere(['-http=:', flag, join(folder, 'cpu.1.pb.gz')])
  expect(errors).toContain(sentence)
  expect(exitCode).toBe(2)
})

test.runIf(isThorough)('-http compares with a base too', async () => {
  const own = folder.replace('goruntime', 'own')
  const base = `-diff_base=${join(own, 'diff-before.pb.gz')}`
  const child = start(['-http=:', base, join(own, 'labels.pb.gz')], await temporaryDirectory())
  expect(await firstLine(child)).toMatch(/^Serving web UI on /)
})

test('a file that is not a profile is refused in one sentence, and leaves nothing behind', async () => {
  const temporary = await temporaryDirectory()
  const path = join(await temporaryDirectory(), 'page.html')
  writeFileSync(path, '<!doctype html><title>Not found</title>')
  const child = start(['-http=:', path], temporary)
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(errors).toMatch(/^kubeprof pprof: \S+page\.html: .*HTML.*\n$/)
  expect(code).toBe(3)
  expect(readdirSync(temporary)).toEqual([])
})

test('a port that is in use is reported in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const child = start(
    [`-http=localhost:${port}`, join(folder, 'cpu.1.pb.gz')],
    await temporaryDirectory(),
  )
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect(errors).toBe(
    `kubeprof pprof: port ${port} on 127.0.0.1 is in use: -http=: takes a free one\n`,
  )
  expect(code).toBe(69)
})

test.each([
  ['-http=0.0.0.0:0', '-http serves this machine alone, and others can reach 0.0.0.0'],
  ['-http=8080', '-http takes HOST:PORT; either may be left out'],
])('%s is refused', async (flag, sentence) => {
  const { errors, exitCode } = await runPprofHere([flag, join(folder, 'cpu.1.pb.gz')])
  expect(errors).toContain(sentence)
  expect(exitCode).toBe(2)
})

function start(args: readonly string[], temporary: string) {
  const env = { ...process.env, TMPDIR: temporary, HOME: temporary }
  const child = spawn(kubeprof, ['pprof', ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => end(child))
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function firstLine({ stderr }: { readonly stderr: NodeJS.ReadableStream }): Promise<string> {
  const [line]: unknown[] = await once(createInterface(stderr), 'line')
  return String(line)
}
