import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer, type ServerOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { runPprofHere } from '../../golden/run-pprof.ts'
import { lacks } from '../../requirements.ts'

const profile = readFileSync(
  fileURLToPath(new URL('../../fixtures/conformance/goruntime/cpu.1.pb.gz', import.meta.url)),
)
const TOP = ['-top', '-nodecount=2']
const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
const TABLE = 'Showing nodes accounting for'

describe.skipIf(lacks('openssl'))('a server that speaks TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-tls-'))
  const path = (name: string) => join(folder, name)
  const read = (name: string) => readFileSync(path(name), 'utf8')
  beforeAll(() => {
    authority('ca')
    certificate('server', 'subjectAltName=DNS:kubernetes.default.svc,IP:127.0.0.1')
    certificate('named', 'subjectAltName=DNS:kubernetes.default.svc')
    certificate('client', 'extendedKeyUsage=clientAuth')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('whose authority is unknown is refused, and read with -tls_ca or https+insecure', async () => {
    const origin = await serve({})
    expect((await run([origin])).errors).toContain('has a certificate of an unknown authority')
    expect((await run([`-tls_ca=${path('ca.crt')}`, origin])).output).toContain(TABLE)
    expect((await run([origin.replace('https', 'https+insecure')])).output).toContain(TABLE)
  })

  test('whose certificate is for another name is refused', async () => {
    const origin = await serve({ cert: read('named.crt'), key: read('named.key') })
    const { errors } = await run([`-tls_ca=${path('ca.crt')}`, origin])
    expect(errors).toContain('has a certificate for other names than 127.0.0.1')
  })

  test('that wants a client certificate gets it from -tls_cert and -tls_key', async () => {
    const origin = await serve({ requestCert: true, rejectUnauthorized: true, ca: read('ca.crt') })
    const ca = `-tls_ca=${path('ca.crt')}`
    expect((await run([ca, origin])).errors).toContain('wants a client certificate')
    const [cert, key] = [`-tls_cert=${path('client.crt')}`, `-tls_key=${path('client.key')}`]
    expect((await run([ca, cert, key, origin])).output).toContain(TABLE)
    expect((await run([ca, cert, origin])).errors).toContain('has -tls_cert, but no -tls_key')
  })

  test('that redirects elsewhere takes neither the certificate nor the leave not to verify along', async () => {
    const seen: boolean[] = []
    const elsewhere = await serve(
      { requestCert: true, rejectUnauthorized: false },
      (request, reply) => {
        seen.push('getPeerCertificate' in request.socket)
        reply.end(profile)
      },
    )
    const origin = await serve({}, (_, reply) =>
      reply.writeHead(302, { location: `${elsewhere}/` }).end(),
    )
    const { errors } = await run([origin.replace('https', 'https+insecure')])
    expect(errors).toContain('has a certificate of an unknown authority')
    expect(seen).toEqual([])
  })

  test('is a Kubernetes API server of a kubeconfig, known by token and by name', async () => {
    const asked: unknown[] = []
    const origin = await serve(
      { cert: read('named.crt'), key: read('named.key') },
      ({ url, headers }, reply) => {
        asked.push([url, headers.authorization])
        reply.end(profile)
      },
    )
    const kubeconfig = writeConfig({
      cluster: {
        server: `${origin}/proxied/`,
        'certificate-authority': 'ca.crt',
        'tls-server-name': 'kubernetes.default.svc',
      },
      user: { token: 'secret' },
    })
    const { output, errors } = await run([
      '-kubeconfig',
      kubeconfig,
      '-seconds=3',
      '/debug/pprof/profile',
    ])
    expect(output).toContain(TABLE)
    expect(asked).toEqual([['/proxied/debug/pprof/profile?seconds=3', 'Bearer secret']])
    expect(errors).not.toContain('secret')
  })

  test('is given the client certificate of the kubeconfig, of the context that is named', async () => {
    const origin = await serve({ requestCert: true, rejectUnauthorized: true, ca: read('ca.crt') })
    const kubeconfig = writeConfig({
      cluster: { server: origin, 'certificate-authority': 'ca.crt' },
      user: { 'client-certificate': 'client.crt', 'client-key': 'client.key' },
    })
    const named = await run(['-kubeconfig', kubeconfig, '-context', 'other', '/debug/pprof/heap'])
    expect(named.output).toContain(TABLE)
    const unknown = await run(['-kubeconfig', kubeconfig, '-context', 'gone', '/debug/pprof/heap'])
    expect(unknown.errors).toContain('the kubeconfig has no context "gone", but context, other\n')
  })

  test('runs a credential plugin once for all sources', async () => {
    const origin = await serve({})
    const kubeconfig = writeConfig({
      cluster: { server: origin, 'certificate-authority': 'ca.crt' },
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: '/bin/sh',
          args: ['-c', `echo run >>${path('runs')}; echo '{"status":{"token":"x"}}'`],
          interactiveMode: 'Never',
        },
      },
    })
    const { output } = await run(['-kubeconfig', kubeconfig, '/a', '/b', '/c'])
    expect(output).toContain(TABLE)
    expect(read('runs')).toBe('run\n')
  })

  function authority(name: string): void {
    openssl(`req -x509 ${NEW_KEY} -days 2 -keyout ${name}.key -out ${name}.crt -subj /CN=${name}`)
  }

  function certificate(name: string, extension: string): void {
    writeFileSync(path(`${name}.ext`), extension)
    openssl(`req ${NEW_KEY} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}`)
    const signed = `-CA ca.crt -CAkey ca.key -CAcreateserial -extfile ${name}.ext -days 2`
    openssl(`x509 -req -in ${name}.csr ${signed} -out ${name}.crt`)
  }

  function openssl(command: string): void {
    execFileSync('openssl', command.split(' '), { cwd: folder, stdio: 'pipe' })
  }

  async function serve(
    options: ServerOptions,
    listener: RequestListener = (_, reply) => reply.end(profile),
  ): Promise<string> {
    const own = { cert: read('server.crt'), key: read('server.key') }
    const server = createServer({ ...own, ...options }, listener).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const address = server.address()
    return `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  interface ConfigParts {
    readonly cluster: object
    readonly user: object
  }

  function writeConfig({ cluster, user }: ConfigParts): string {
    const context = { cluster: 'cluster', user: 'user' }
    const config = {
      'current-context': 'context',
      contexts: ['context', 'other'].map((name) => ({ name, context })),
      clusters: [{ name: 'cluster', cluster }],
      users: [{ name: 'user', user }],
    }
    writeFileSync(path('config'), JSON.stringify(config))
    return path('config')
  }

  async function run(args: readonly string[]) {
    return await runPprofHere([...TOP, ...args], { env: { PPROF_TMPDIR: path('kept') } })
  }
})
