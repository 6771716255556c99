import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, test } from 'vitest'
import { COMMANDS } from '../../../cli/commands.ts'
import { runHere } from '../run-here.ts'

const kubeprof = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kubeprof-serve-'))
const started: ChildProcess[] = []
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('serve says in one line where it is, and ends on SIGTERM with 0', async () => {
  const [browser, opened] = [join(folder, 'browser'), join(folder, 'opened')]
  writeFileSync(
    browser,
    `#!/bin/sh\necho "$1" > '${opened}.new' && mv '${opened}.new' '${opened}'\n`,
  )
  chmodSync(browser, 0o755)
  const server = start(['serve', '--open', '--port', '0', '--data', join(folder, 'good')], {
    KUBEPROF_LOG_LEVEL: 'silent',
    BROWSER: browser,
  })
  const line = await server.firstLine
  expect(line).toMatch(/^kubeprof is ready: open http:\/\/127\.0\.0\.1:\d+ in a browser$/)
  const url = /http:\S+/.exec(line)?.[0] ?? ''
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  await expect.poll(() => readFileSync(opened, 'utf8')).toBe(`${url}\n`)
  server.child.kill('SIGTERM')
  expect(await server.end).toMatchObject({ code: 0, stderr: '' })
})

test.for(['is not read', 'was closed'])(
  'a server whose log %s goes on, and ends on SIGTERM with 0',
  async (fate) => {
    const data = join(folder, `log ${fate}`)
    const server = start(['serve', '--roles', 'api', '--port', '0', '--data', data], {
      KUBEPROF_LOG_LEVEL: 'info',
    })
    const url = /http:\S+/.exec(await server.firstLine)?.[0] ?? ''
    const { stdout } = server.child
    if (fate === 'was closed') stdout?.destroy()
    else stdout?.pause()
    // A line of the log each; a pipe and the reader's buffer hold about 600.
    for (let count = 0; count < 100; count++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/healthz`)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    }
    server.child.kill('SIGTERM')
    const [code] = await once(server.child, 'exit')
    expect(code).toBe(0)
  },
)

test('a busy port is reported in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  const port = String(typeof address === 'object' && address !== null ? address.port : 0)
  const { code, stderr } = await start(['serve', '--port', port, '--data', join(folder, 'busy')])
    .end
  other.close()
  expect(code).toBe(69)
  expect(stderr).toBe(
    `kubeprof serve: port ${port} on 127.0.0.1 is in use, perhaps by another kubeprof; choose one with --port or KUBEPROF_SERVER_PORT\n`,
  )
})

test('a second server on the same folder is refused in one sentence, and the first continues', async () => {
  const data = join(folder, 'twice')
  const first = start(['serve', '--port', '0', '--data', data])
  const url = /http:\S+/.exec(await first.firstLine)?.[0] ?? ''
  const { code, stderr } = await start(['serve', '--port', '0', '--data', data]).end
  expect(code).toBe(69)
  expect(oneSentence(stderr)).toContain(`another kubeprof serves from ${data}`)
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
})

test('a server that cannot reach its bytes says so instead of that it is ready', async () => {
  const s3 = createServer().listen(0, '127.0.0.1')
  await once(s3, 'listening')
  const address = s3.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  s3.close()
  const server = start(['serve', '--port', '0', '--data', join(folder, 'far')], {
    KUBEPROF_BLOBS_KIND: 's3',
    KUBEPROF_BLOBS_S3_BUCKET: 'profiles',
    KUBEPROF_BLOBS_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    KUBEPROF_BLOBS_S3_ACCESS_KEY_ID: 'id',
    KUBEPROF_BLOBS_S3_SECRET_ACCESS_KEY: 'secret',
  })
  expect(await server.firstLine).toMatch(
    /^kubeprof is up, but not ready: open http:\S+ in a browser$/,
  )
  server.child.kill('SIGTERM')
  const { code, stderr } = await server.end
  expect(code).toBe(0)
  expect(stderr).toMatch(/^kubeprof serve: store: /m)
})

test('a data folder that cannot be created is reported in one sentence', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { code, stderr } = await start(['serve', '--port', '0', '--data', join(file, 'data')]).end
  expect(code).toBe(69)
  expect(oneSentence(stderr)).toContain(join(file, 'data'))
})

test.skipIf(process.getuid?.() === 0)(
  'a data folder that cannot be written is reported in one sentence',
  async () => {
    const data = join(folder, 'read-only')
    mkdirSync(data)
    chmodSync(data, 0o500)
    const { code, stderr } = await start(['serve', '--port', '0', '--data', data]).end
    expect(code).toBe(69)
    expect(oneSentence(stderr)).toContain(data)
  },
)

test.skipIf(process.getuid?.() !== 0)(
  'a data folder of another user is reported in one sentence, and not as a port',
  async () => {
    const data = join(folder, 'of-root')
    mkdirSync(data)
    chmodSync(folder, 0o755)
    chmodSync(data, 0o700)
    const command = ['--reuid=65534', '--regid=65534', '--clear-groups', kubeprof]
    const child = spawn('setpriv', [...command, 'serve', '--port', '0', '--data', data], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: folder },
    })
    started.push(child)
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const [code] = await once(child, 'close')
    expect(stderr).toContain(data)
    expect(oneSentence(stderr)).toContain('is not accessible for this user')
    expect(code).toBe(69)
  },
)

test('a lock that is a folder is reported in one sentence', async () => {
  const data = join(folder, 'lock-folder')
  mkdirSync(join(data, 'serve.lock'), { recursive: true })
  const { code, stderr } = await start(['serve', '--port', '0', '--data', data]).end
  expect(code).toBe(69)
  expect(oneSentence(stderr)).toContain(`${join(data, 'serve.lock')} cannot be used as a lock`)
})

test('processes that start together on a new folder all bring its tables up to date', async () => {
  const data = join(folder, 'together')
  const ends = await Promise.all([1, 2, 3, 4].map(() => start(['migrate', '--data', data]).end))
  expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    ends.map(() => ({ code: 0, stderr: '' })),
  )
})

test('listening where others reach it without a token is refused', async () => {
  const { code, stderr } = await start(['serve', '--host', '0.0.0.0', '--port', '0']).end
  expect(code).toBe(2)
  expect(oneSentence(stderr)).toContain('there is no token: make one with kubeprof token create')
})

test.each([
  [['serve', '--prot', '1'], 'kubeprof serve: there is no flag --prot; did you mean --port?'],
  [['serve', '-p', '1'], 'kubeprof serve: there is no flag -p; see --help'],
  [['serve', '--port'], 'kubeprof serve: --port needs a value: --port PORT'],
  [
    ['serve', '--port', 'http'],
    'kubeprof serve: the setting server.port must be integer, but is "http"',
  ],
  [
    ['serve', '--roles', 'api,wrk'],
    'kubeprof serve: there is no role "wrk"; the roles are api, work, collect',
  ],
  [['serve', 'now'], 'kubeprof serve: serve takes no argument, but got "now"'],
  [['work', '--port', '1'], 'kubeprof work: there is no flag --port; see --help'],
  [['push'], 'kubeprof push: name the server first: kubeprof push http://127.0.0.1:7070 PATH...'],
])('kubeprof %s is a usage error in one sentence', async ([name = '', ...args], sentence) => {
  expect(await runHere(name, args)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
})

test('a command that is not there is a usage error in one sentence', async () => {
  const sentence = 'kubeprof: there is no command "srve"; did you mean `kubeprof serve`?'
  expect(await start(['srve']).end).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
})

test.each(Object.keys(COMMANDS))(
  'kubeprof %s --help begins with how it is used',
  async (command) => {
    const { code, stdout } = await runHere(command, ['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^usage: kubeprof ${command}\\b`))
  },
)

test('kubeprof help COMMAND shows the flags of the command', async () => {
  const [asked, direct] = [start(['help', 'push']).end, start(['push', '--help']).end]
  expect(await asked).toEqual(await direct)
})

/** Runs the real program. `firstLine` is of its standard output. */
function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(kubeprof, args, {
    env: { ...process.env, KUBEPROF_LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let stdout = ''
  let stderr = ''
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const line = /^kubeprof is .*$/m.exec(stdout)?.[0]
      if (line !== undefined) resolve(line)
    })
    child.once('exit', () => reject(new Error(`ended before a line: ${stderr}`)))
  })
  firstLine.catch(() => undefined)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const end = once(child, 'close').then(([code]: readonly unknown[]) => ({ code, stdout, stderr }))
  return { child, firstLine, end }
}

/** The text, when it is one line and no stack trace. */
function oneSentence(text: string): string {
  expect(text).toMatch(/^[^\n]+\n$/)
  return text
}
