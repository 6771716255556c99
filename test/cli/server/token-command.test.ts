import { createHash } from 'node:crypto'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { runHere } from '../run-here.ts'

const kubeprof = fileURLToPath(new URL('../../../bin/kubeprof', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kubeprof-token-'))
const started: ChildProcess[] = []
afterAll(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

test('a token made on the command line opens a running server, and its revocation closes it at once', async () => {
  const data = join(folder, 'running')
  const url = await serve(['--data', data])
  expect(await statusAt(url)).toBe(200)
  const made = await run(['token', 'create', 'me', '--role', 'admin', '--data', data])
  const token = made.stdout.trim()
  expect(token).toMatch(/^kp_[\w-]{43}$/)
  expect(await statusAt(url)).toBe(401)
  expect(await statusAt(url, token)).toBe(200)
  const list = await run(['token', 'list', '--data', data])
  expect(list.stdout).toMatch(/^[0-9A-Z]{26} {2}admin .* expires \d{4}-\d\d-\d\d .* me\n$/)
  expect(list.stdout).not.toContain(token)
  const [id = ''] = list.stdout.split(' ')
  expect(made.stderr).toContain(id)
  const revoked = await run(['token', 'revoke', id, '--data', data])
  expect(revoked).toEqual({ code: 0, stdout: 'revoked me\n', stderr: '' })
  expect(await statusAt(url, token)).toBe(401)
  expect((await run(['token', 'list', '--data', data])).stdout).toContain('revoked ')
})

test.each([
  ['token', 'list'],
  ['token', 'revoke', '01JD6Q8G0000000000000000AA'],
])('%s %s makes no data folder where a mistyped one is named', async (...words) => {
  const data = join(folder, 'mistyped')
  const { code, stderr } = await run([...words, '--data', data])
  expect({ code, isMade: existsSync(data) }).toEqual({ code: 2, isMade: false })
  expect(stderr).toContain(`there is no kubeprof.db in ${data}; name the folder with --data`)
})

test('the name of a token sends no control characters to the terminal', async () => {
  const data = join(folder, 'named')
  await run(['token', 'create', 'a\u001b[2J\nb', '--role', 'admin', '--data', data])
  const { stdout } = await run(['token', 'list', '--data', data])
  expect(stdout).toMatch(/ a\ufffd\[2J\ufffdb\n$/)
  const [id = ''] = stdout.split(' ')
  const revoked = await run(['token', 'revoke', id, '--data', data])
  expect(revoked.stdout).toBe('revoked a\ufffd[2J\ufffdb\n')
})

test('what the command did is in the audit log', async () => {
  const data = join(folder, 'audited')
  const { stdout } = await run(['token', 'create', 'me', '--role', 'admin', '--data', data])
  const url = await serve(['--data', data])
  const reply = await fetch(`${url}/api/v1/audit`, { headers: bearer(stdout.trim()) })
  expect(await reply.json()).toMatchObject({
    items: [{ action: 'token.create', actorKind: 'command', details: { name: 'me' } }],
  })
})

test('SIGHUP makes the server read the tokens of its settings again', async () => {
  const config = join(folder, 'kubeprof.yaml')
  writeFileSync(config, settingsWith(['first', 'second']))
  const url = await serve(['--data', join(folder, 'reloaded'), '--config', config])
  expect([await statusAt(url, 'first'), await statusAt(url, 'second')]).toEqual([200, 200])
  const signedIn = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: 'first' }),
  })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect((await fetch(`${url}/api/v1/profiles`, { headers: { cookie } })).status).toBe(200)
  writeFileSync(config, settingsWith(['second']))
  started.at(-1)?.kill('SIGHUP')
  await expect.poll(() => statusAt(url, 'first')).toBe(401)
  expect((await fetch(`${url}/api/v1/profiles`, { headers: { cookie } })).status).toBe(401)
  expect(await statusAt(url, 'second')).toBe(200)
  writeFileSync(config, 'server: [')
  started.at(-1)?.kill('SIGHUP')
  const reloads = async () => {
    const list = await fetch(`${url}/api/v1/audit?action=settings.reload`, {
      headers: bearer('second'),
    })
    return await list.json()
  }
  await expect.poll(reloads).toMatchObject({ items: [{ outcome: 'failed' }, { outcome: 'done' }] })
  expect(await statusAt(url, 'second')).toBe(200)
})

test('kubeprof key rotate puts a new key before the old ones', async () => {
  const data = join(folder, 'keys')
  await serve(['--data', data])
  const linesOf = () => readFileSync(join(data, 'secret.key'), 'utf8').trim().split('\n')
  const first = linesOf()
  expect(first).toHaveLength(1)
  const { code, stdout } = await runHere('key', ['rotate', '--data', data])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringContaining(join(data, 'secret.key')),
  })
  const lines = linesOf()
  expect(new Set(lines).size).toBe(2)
  expect(lines.slice(1)).toEqual(first)
  await runHere('key', ['rotate', '--data', data])
  expect(linesOf().slice(1)).toEqual(lines)
  expect(statSync(join(data, 'secret.key')).mode & 0o777).toBe(0o600)
})

test('kubeprof key rotate makes nothing in a folder that is not one of data', async () => {
  const data = join(folder, 'mistyped')
  const { code, stderr } = await runHere('key', ['rotate', '--data', data])
  expect(code).toBe(2)
  expect(stderr).toContain(`there is no key file ${join(data, 'secret.key')}`)
  expect(existsSync(data)).toBe(false)
})

test('a token for a space that is not there is refused', async () => {
  const data = ['--data', join(folder, 'spaces')]
  await runHere('token', ['create', 'me', '--role', 'admin', ...data])
  const { code, stderr } = await runHere('token', ['create', 'x', '--space', 'nothing', ...data])
  expect([code, stderr]).toEqual([2, expect.stringContaining('there is no space "nothing"')])
  const own = await runHere('token', ['create', 'x', '--space', 'default', ...data])
  expect(own.code).toBe(0)
})

test.each([
  [['create'], 'name the token: kubeprof token create NAME'],
  [['create', 'x'], 'the first token must be of an admin of every space'],
  [
    ['create', 'x', '--role', 'king'],
    '--role is one of viewer, uploader, operator, admin, trigger, not "king"',
  ],
  [['create', 'x', '--role', 'admin', '--days', '0'], '--days takes a whole number'],
  [['revoke'], 'name a token: kubeprof token revoke ID'],
  [['revoke', 'x'], 'there is no token "x"'],
  [['forget'], 'say create, list or revoke'],
])('kubeprof token %j is refused in one sentence', async (args, sentence) => {
  const { code, stdout, stderr } = await runHere('token', [
    ...args,
    '--data',
    join(folder, 'wrong'),
  ])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^kubeprof token: [^\n]+\n$/)
  expect(stderr).toContain(sentence)
})

async function serve(args: readonly string[]): Promise<string> {
  const child = spawn(kubeprof, ['serve', '--port', '0', '--roles', 'api', ...args], {
    env: { ...process.env, KUBEPROF_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  return /http:\S+/.exec(String(line))?.[0] ?? ''
}

async function run(args: readonly string[]) {
  const child = spawn(kubeprof, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

async function statusAt(url: string, token?: string): Promise<number> {
  const headers = token === undefined ? {} : bearer(token)
  return (await fetch(`${url}/api/v1/profiles`, { headers })).status
}

function bearer(token: string) {
  return { authorization: `Bearer ${token}` }
}

function settingsWith(tokens: readonly string[]): string {
  const list = tokens.map((token) => ({
    name: token,
    role: 'admin',
    sha256: createHash('sha256').update(token).digest('hex'),
  }))
  return JSON.stringify({ server: { tokens: list } })
}
