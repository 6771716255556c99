import { writeFileSync } from 'node:fs'
import { createServer as createTcpServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { lacks } from '../requirements.ts'
import { certificateFolder } from './certificate-folder.ts'
import { answerWell, captureOf, failedWith, listen, serve } from './fake-process.ts'

describe.skipIf(lacks('openssl'))('a process that speaks TLS', () => {
  const certificates = certificateFolder()
  const tls = { caFile: certificates.path('ca.crt'), serverName: null, isVerified: true }
  const ask = async (options: object, credentials: object = {}) => {
    const url = await serve(answerWell, { ...certificates.pair('server'), ...options })
    const target = { credentials: { ...NO_FILES, tls, ...credentials } }
    return await captureOf({ url, target, isRetried: false })
  }

  test('with a certificate of an unknown authority is refused', async () => {
    const outcome = await ask({}, { tls: { ...tls, caFile: null } })
    expect(outcome).toMatchObject(failedWith('TARGET_TLS', 'of an unknown authority'))
    expect(outcome.error?.message).toContain('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  test('with a certificate for another name is refused, and taken by that name', async () => {
    const named = certificates.pair('named')
    expect(await ask(named)).toMatchObject(failedWith('TARGET_TLS', 'for other names'))
    const serverName = 'kubernetes.default.svc'
    expect((await ask(named, { tls: { ...tls, serverName } })).status).toBe('complete')
  })

  test('unverified by choice is warned of', async () => {
    const outcome = await ask({}, { tls: { ...tls, caFile: null, isVerified: false } })
    expect(outcome.status).toBe('complete')
    expect(outcome.notes).toEqual([expect.stringContaining('Its certificate is not verified')])
  })

  test('and wants a client certificate gets it, or says that it wants one', async () => {
    const options = { requestCert: true, rejectUnauthorized: true, ca: certificates.read('ca.crt') }
    expect(await ask(options)).toMatchObject(failedWith('TARGET_TLS', 'wants a client certificate'))
    const certFile = certificates.path('client.crt')
    const keyFile = certificates.path('client.key')
    expect((await ask(options, { certFile, keyFile })).status).toBe('complete')
  })

  test('is not asked with an invalid key', async () => {
    const files = {
      certFile: certificates.path('client.crt'),
      keyFile: certificates.path('ca.ext'),
    }
    writeFileSync(files.keyFile, 'hush, no key')
    const { error } = await ask({}, files)
    expect(error?.code).toBe('TARGET_CREDENTIALS')
    expect(error?.message).toMatch(/its token, certificate or key is malformed \(ERR_OSSL_/)
    expect(error?.message).not.toContain('hush')
  })

  test('closes the connection in the middle of the greeting', async () => {
    const port = await listen(createTcpServer((socket) => socket.once('data', () => socket.end())))
    const outcome = await captureOf({ url: `https://127.0.0.1:${port}`, isRetried: false })
    expect(outcome).toMatchObject(
      failedWith('TARGET_UNREACHABLE', 'closed the connection without an answer'),
    )
  })

  test('or does not, but is asked as if it did', async () => {
    const origin = await serve(answerWell)
    const outcome = await captureOf({ url: origin.replace('http:', 'https:') })
    expect(outcome).toMatchObject(failedWith('TARGET_TLS', 'does not speak TLS there'))
  })

  test('is sent no credentials over a redirect', async () => {
    const seen: unknown[] = []
    const elsewhere = await serve((request, reply) => {
      seen.push(request.headers)
      answerWell(request, reply)
    })
    const url = await serve(
      (_, reply) => reply.writeHead(307, { location: `${elsewhere}/debug/pprof/heap` }).end(),
      certificates.pair('server'),
    )
    const tokenFile = certificates.path('ca.crt')
    const target = { credentials: { ...NO_FILES, tls, tokenFile } }
    expect(await captureOf({ url, target })).toMatchObject({ status: 'failed' })
    expect(seen).toEqual([])
  })
})

const NO_FILES = {
  from: 'files',
  tokenFile: null,
  basic: null,
  certFile: null,
  keyFile: null,
} as const
