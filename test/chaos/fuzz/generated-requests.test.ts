import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { captureBundle } from '../../service/profiles/capture-bundle.ts'
import { find, lacks } from '../../requirements.ts'
import { memoryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'
import { CHAOS_TIMEOUT_MS, extent, isFull } from '../../extent.ts'
import { killAll, startKubeprof } from '../kubeprof-process.ts'

const SETTINGS = fileURLToPath(new URL('schemathesis.toml', import.meta.url))
/** For each operation. */
const EXAMPLES = extent(3, 60)
/** Values at the edges of each parameter, and requests that use what others have answered, take many minutes. */
const PHASES = isFull ? 'examples,coverage,fuzzing,stateful' : 'fuzzing'
/** CI repeats the same requests: what new ones find should not stop another's change. */
const SEED = isFull ? Math.floor(Math.random() * 2 ** 31) : 1
const OUTPUT_BYTES_MAX = 256 * 1024 ** 2
const LINE_LENGTH_MAX = 400

afterEach(killAll)

test.skipIf(lacks('schemathesis'))(
  'requests generated from the OpenAPI description are answered as it says',
  async () => {
    const data = await memoryDirectory()
    // No collector: nothing asks the addresses of made-up targets.
    const serve = ['serve', '--roles', 'api,work', '--port', '0', '--data', data]
    // Wrong tokens are among what is sent.
    const env = { KUBEPROF_ACCOUNTS_FAILURES_PER_MINUTE_MAX: '100000' }
    const server = await startKubeprof(serve, { env })
    const ids = await prepare(server.url)
    const { output, isClean } = await schemathesis(server.url, ids, await memoryDirectory())
    process.stdout.write(`schemathesis: ${/^ +\d+ generated.*$/m.exec(output)?.[0].trim()}\n`)
    expect(isClean ? '' : output).toBe('')
    expect(server.isAlive()).toBe(true)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(server.output()).not.toContain('"level":50')
  },
  CHAOS_TIMEOUT_MS,
)

interface Ids {
  readonly token: string
  readonly PROFILE_ID: string
  readonly CAPTURE_ID: string
  readonly LINK_TOKEN: string
}

/** An admin's token, a capture with a profile that is ready, and a link of it. */
async function prepare(url: string): Promise<Ids> {
  const asJson = { 'content-type': 'application/json' }
  const name = JSON.stringify({ name: 'generated', role: 'admin' })
  const created = await post(`${url}/api/v1/tokens`, name, asJson)
  const token = valueOf(created, /"(kp_[\w-]+)"/)
  const headers = { authorization: `Bearer ${token}` }
  const metrics = 'go_goroutines 7'
  const bundle = await captureBundle({ timeMs: Date.now(), metrics, startedAt: 1 })
  const capture = await post(`${url}/api/v1/captures`, bundle, {
    ...headers,
    'content-type': 'application/gzip',
  })
  const PROFILE_ID = valueOf(capture, /"profileId":"(\w+)"/)
  await until(async () => {
    const profile = await fetch(`${url}/api/v1/profiles/${PROFILE_ID}`, { headers })
    return (await profile.text()).includes('"status":"ready"')
  })
  const body = JSON.stringify({ profileId: PROFILE_ID })
  const link = await post(`${url}/api/v1/links`, body, { ...headers, ...asJson })
  return {
    token,
    PROFILE_ID,
    CAPTURE_ID: valueOf(capture, /"capture":\{"id":"(\w+)"/),
    LINK_TOKEN: valueOf(link, /\/s\/([\w-]+)"/),
  }
}

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const reply = await fetch(url, { method: 'POST', body, headers })
  expect(reply.status).toBe(201)
  return reply.text()
}

function valueOf(text: string, pattern: RegExp): string {
  const value = pattern.exec(text)?.[1]
  if (value === undefined) throw new Error(`${text} has no ${pattern}`)
  return value
}

/** Runs it to its end, in a folder where it keeps notes; `output` has its findings, without the length of what it sent. */
function schemathesis(url: string, { token, ...ids }: Ids, cwd: string) {
  const args = ['--config-file', SETTINGS, 'run', `${url}/api/openapi.json`]
  const header = ['--header', `Authorization: Bearer ${token}`]
  // Without `--checks`, which would undo what the settings agree to, every check is on.
  const extents = ['--phases', PHASES, '--max-examples', String(EXAMPLES)]
  return new Promise<{ readonly output: string; readonly isClean: boolean }>((resolve) => {
    execFile(
      find('schemathesis') ?? '',
      [...args, ...header, ...extents, '--seed', String(SEED), '--no-color'],
      { cwd, env: { ...process.env, ...ids }, maxBuffer: OUTPUT_BYTES_MAX },
      (error, stdout, stderr) => {
        const lines = `${stdout}${stderr}`.split('\n').map((line) => line.slice(0, LINE_LENGTH_MAX))
        resolve({ output: lines.join('\n'), isClean: error === null })
      },
    )
  })
}
