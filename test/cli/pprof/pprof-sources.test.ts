import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { itemOf } from '../../item-of.ts'

const file = fileURLToPath(
  new URL('../../fixtures/conformance/goruntime/cpu.1.pb.gz', import.meta.url),
)
const profile = readFileSync(file)
const TOP = ['-top', '-nodecount=2']

test('a URL is fetched, and prints what the file prints', async () => {
  const { origin } = await serve((_, reply) => reply.end(profile))
  const fetched = await run([...TOP, `${origin}/debug/pprof/profile`])
  expect(fetched.output).toBe((await run([...TOP, file])).output)
  expect(fetched.errors).toContain(`Fetching profile over HTTP from ${origin}/debug/pprof/profile`)
  expect(fetched.exitCode).toBe(0)
})

test('host:port alone asks for a CPU profile of as many seconds as -seconds says', async () => {
  const { origin, asked } = await serve((_, reply) => reply.end(profile))
  const { errors } = await run([...TOP, '-seconds', '5', origin.replace('http://', '')])
  expect(asked).toEqual(['/debug/pprof/profile?seconds=5'])
  expect(errors).toContain('Please wait... (5s)\n')
})

test('what was fetched is kept, under a name that was not taken', async () => {
  const { origin } = await serve((_, reply) => reply.end(profile))
  const kept = await temporaryDirectory()
  for (let count = 0; count < 2; count++) {
    await runPprofHere([...TOP, origin], { env: { PPROF_TMPDIR: kept } })
  }
  const names = readdirSync(kept)
  expect(names).toHaveLength(2)
  expect(names[1]).toMatch(/^pprof\..*samples\.cpu\.002\.pb\.gz$/)
  const again = await run([...TOP, join(kept, itemOf(names))])
  expect(again.output).toBe((await run([...TOP, file])).output)
})

test('several sources are fetched at once and merged, and one that fails is reported', async () => {
  let open = 0
  const replies: (() => void)[] = []
  const { origin } = await serve((_, reply) => {
    replies.push(() => reply.end(profile))
    // None is answered before both are asked.
    if (++open === 2) for (const end of replies) end()
  })
  const { output, errors } = await run([...TOP, `${origin}/a`, `${origin}/b`, 'absent.pb.gz'])
  expect(output).toBe((await run([...TOP, file, file])).output)
  expect(errors).toContain('kubeprof pprof: absent.pb.gz: ENOENT')
  expect(errors).toContain('Fetched 2 source profiles out of 3\n')
})

test('-header goes with each request, also from a file', async () => {
  const headers: unknown[] = []
  const { origin } = await serve(({ headers: { authorization, 'x-scope': scope } }, reply) => {
    headers.push([authorization, scope])
    reply.end(profile)
  })
  const path = join(await temporaryDirectory(), 'headers')
  writeFileSync(path, 'Authorization: Bearer secret\n')
  await run([...TOP, '-header', `@${path}`, '-header', 'X-Scope: a', origin])
  expect(headers).toEqual([['Bearer secret', 'a']])
})

test('a redirect to the same origin keeps the headers, one to another origin does not', async () => {
  const seen: unknown[] = []
  const other = await serve(({ headers }, reply) => {
    seen.push(['other', headers.authorization, headers['x-key']])
    reply.end(profile)
  })
  const { origin } = await serve(({ url, headers }, reply) => {
    seen.push([url, headers.authorization])
    reply.writeHead(302, { location: url === '/a' ? '/b' : `${other.origin}/c` }).end()
  })
  const secrets = ['-header', 'Authorization: Bearer secret', '-header', 'X-Key: secret']
  const { exitCode } = await run([...TOP, ...secrets, `${origin}/a`])
  expect(seen).toEqual([
    ['/a', 'Bearer secret'],
    ['/b', 'Bearer secret'],
    ['other', undefined, undefined],
  ])
  expect(exitCode).toBe(0)
})

test('a password in a URL is sent and not shown', async () => {
  const seen: unknown[] = []
  const { origin } = await serve(({ headers }, reply) => {
    seen.push(headers.authorization)
    reply.writeHead(401).end()
  })
  const { errors } = await run([...TOP, origin.replace('//', '//me:hush@')])
  expect(seen).toEqual([`Basic ${Buffer.from('me:hush').toString('base64')}`])
  expect(errors).toContain('answered 401 Unauthorized')
  expect(errors).not.toContain('hush')
})

test('an invalid header is refused without showing it', async () => {
  const { errors, exitCode } = await run([...TOP, '-header', 'hush-hush', 'localhost:1'])
  expect(errors).toContain("-header is not 'NAME: VALUE'")
  expect(errors).not.toContain('hush')
  expect(exitCode).toBe(3)
})

const STATUS = JSON.stringify({
  kind: 'Status',
  message: 'forbidden: User "nobody" cannot get path "/debug/pprof/profile"',
})
test.each<[string, RequestListener, string]>([
  [
    'a profiler that is busy',
    (_, reply) =>
      reply
        .writeHead(500, { 'x-go-pprof': '1', 'content-type': 'text/plain; charset=utf-8' })
        .end('Could not enable CPU profiling: cpu profiling already in use\n'),
    'answered 500 Internal Server Error: Could not enable CPU profiling: cpu profiling already in use; someone else is profiling it: try again when that is over',
  ],
  [
    'a server that forbids it',
    (_, reply) => reply.writeHead(403, { 'content-type': 'application/json' }).end(STATUS),
    'answered 403 Forbidden: forbidden: User "nobody" cannot get path "/debug/pprof/profile"; the caller needs the right to get the path /debug/pprof/profile',
  ],
  [
    'a server that wants to know who asks',
    (_, reply) => reply.writeHead(403).end(STATUS.replace('nobody', 'system:anonymous')),
    'answered 403 Forbidden: forbidden: User "system:anonymous" cannot get path "/debug/pprof/profile"; no credentials were given: see -header and -kubeconfig',
  ],
  [
    'a server that does not know who asks',
    (_, reply) => reply.writeHead(401).end('{"kind":"Status","message":"Unauthorized"}'),
    'answered 401 Unauthorized; credentials are missing or not accepted: see -header and -kubeconfig',
  ],
  [
    'a path that is not there',
    (_, reply) => reply.writeHead(404).end('404 page not found'),
    'answered 404 Not Found; the path may be wrong, or profiling is switched off there',
  ],
  [
    'redirects without end',
    (_, reply) => reply.writeHead(302, { location: '/' }).end(),
    'stopped after 10 redirects',
  ],
  [
    'a redirect to a file',
    (_, reply) => reply.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'redirects to file:, which is not HTTP',
  ],
  [
    'an answer that breaks off',
    (_, reply) => {
      reply.writeHead(200, { 'content-length': profile.length }).write(profile.subarray(0, 100))
      setTimeout(() => reply.destroy(), 50)
    },
    'closed the connection before the answer was whole',
  ],
])('%s is reported in one sentence', async (_, answer, sentence) => {
  const { origin } = await serve(answer)
  const { errors, output, exitCode } = await run([...TOP, origin])
  expect(errors).toContain(`kubeprof pprof: ${origin}: ${sentence}\n`)
  expect(output).toBe('')
  expect(exitCode).toBe(3)
})

test('a server that keeps silent is given up', async () => {
  const { origin } = await serve(() => {})
  // Five seconds are granted to the network, as in pprof.
  const { errors } = await run([...TOP, '-timeout', '1', origin])
  expect(errors).toContain(`${origin}: did not answer within 6 s\n`)
})

test('a port where nothing listens is reported in one sentence', async () => {
  const closed = createTcpServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => closed.once('listening', resolve))
  const address = closed.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await new Promise((resolve) => closed.close(resolve))
  const { errors } = await run([...TOP, `127.0.0.1:${port}`])
  expect(errors).toContain(`refused the connection: nothing listens on 127.0.0.1:${port}\n`)
})

test('a file is taken before a URL of the same name', async () => {
  const path = join(await temporaryDirectory(), 'localhost:1')
  writeFileSync(path, profile)
  expect((await run([...TOP, path])).errors).toBe('')
})

async function run(args: readonly string[]) {
  return await runPprofHere(args, { env: { PPROF_TMPDIR: await temporaryDirectory() } })
}

async function serve(listener: RequestListener) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, reply) => {
    asked.push(request.url)
    listener(request, reply)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { origin: `http://127.0.0.1:${port}`, asked }
}
