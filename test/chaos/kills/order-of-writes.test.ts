import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { lacks } from '../../requirements.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { isThorough } from '../../extent.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'
import { mutantEnv } from '../mutants.ts'
import { uniqueProfile } from '../unique-profile.ts'
import { until } from '../../until.ts'

afterEach(killAll)

describe.skipIf(lacks('strace'))('the system calls of one upload', () => {
  test('the bytes are durable before the row is, and the row before the answer', async () => {
    expect(await stepsOfUpload()).toEqual(STEPS.map(([step]) => step))
  })

  test.skipIf(!isThorough).each([
    ['the bytes are not flushed', 'fsync bytes'],
    ['the folder of the bytes is not flushed', 'fsync folder'],
    ['the log of SQLite is not flushed', 'fsync row'],
    ['the answer comes before the commit', 'fsync row'],
  ] as const)('when %s, the step "%s" is missing', async (mutant, step) => {
    expect(await stepsOfUpload(mutantEnv(mutant))).not.toContain(step)
  })
})

/** The steps of one upload, up to its answer, in the order in which the system saw them. */
async function stepsOfUpload(env: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const directory = await temporaryDirectory()
  const trace = join(directory, 'trace')
  const calls = 'trace=fsync,fdatasync,rename,pwrite64,write,writev,sendmsg,openat'
  const server = await startKubeprof(
    ['serve', '--roles', 'api', '--port', '0', '--data', join(directory, 'data')],
    // -D: what is started is kubeprof itself, so that signals reach it.
    { env, under: ['strace', '-D', '-f', '-y', '-s', '40', '-e', calls, '-o', trace] },
  )
  const response = await fetch(`${server.url}/api/v1/profiles`, {
    method: 'POST',
    body: new Uint8Array(uniqueProfile()),
    headers: { 'content-type': 'application/octet-stream' },
  })
  expect(response.status).toBe(201)
  await server.end('SIGTERM')
  let lines: readonly string[] = []
  // Until the trace holds the answer.
  await until(async () => {
    lines = (await readFile(trace, 'utf8')).split('\n')
    return lines.some((line) => line.includes('HTTP/1.1 201'))
  })
  const upload = lines.slice(lines.findIndex((line) => /openat\(.*\.part"/.test(line)))
  return stepsOf(upload)
}

const STEPS: readonly (readonly [string, RegExp])[] = [
  ['fsync bytes', /f(data)?sync\(\d+<[^>]*\/tmp\/\w+\.part>/],
  ['rename', /rename\("[^"]*\/tmp\/\w+\.part"/],
  ['fsync folder', /f(data)?sync\(\d+<[^>]*\/blobs\/[0-9a-f]{2}>/],
  ['fsync row', /f(data)?sync\(\d+<[^>]*\/kubeprof\.db-wal>/],
  ['answer', /HTTP\/1\.1 201/],
]

/** The steps in the order of the trace, up to the answer. */
function stepsOf(lines: readonly string[]): string[] {
  const steps = lines.flatMap((line) => STEPS.find(([, pattern]) => pattern.test(line))?.[0] ?? [])
  return steps.slice(0, steps.indexOf('answer') + 1)
}
