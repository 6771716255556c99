import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CLIENT, startProvider } from './oidc-provider.ts'
import { startService, type StartedService } from '../start-service.ts'

// One test for each item of OWASP ASVS 4.0, level 2, that applies to this service. Many have whole files of their own
// besides: session, tokens, audit, spaces, oidc, link-exposure, protocol, requests, bad-inputs.

const SPACES = { chief: '*', ours: 'ours', theirs: 'theirs' } as const

/** Below what one file may have. */
const LARGE = 'x'.repeat(60_000)

let service: StartedService
beforeAll(async () => {
  const tokens = Object.entries(SPACES).map(([name, space]) => ({
    name,
    space,
    role: 'admin',
    sha256: createHash('sha256').update(`kp_${name}`).digest('hex'),
  }))
  service = await startService({
    works: false,
    settings: {
      'server.tokens': JSON.stringify(tokens),
      'server.publicUrl': 'https://kubeprof.example.com',
      'collect.uploadBytesMax': '65536',
      'collect.bundleInflatedBytesMax': '131072',
      'collect.bundleFilesMax': '5',
    },
  })
  for (const name of ['ours', 'theirs']) await as('chief', 'post', '/api/v1/spaces').send({ name })
})
afterAll(() => service.stop())

describe('authentication', () => {
  test('2.2.1 guessing is slowed down, and a valid token is not', async () => {
    const statuses: number[] = []
    for (let guess = 0; guess < 12; guess++) {
      statuses.push((await as(`guess-${guess}`, 'get', '/api/v1/profiles')).status)
    }
    expect(statuses.at(0)).toBe(401)
    expect(statuses.at(-1)).toBe(429)
    expect((await as('chief', 'get', '/api/v1/profiles')).status).toBe(200)
  })

  test('2.10.4 no secret is stored, only hashes', async () => {
    const { body } = await as('chief', 'post', '/api/v1/tokens').send({ name: 'a', role: 'viewer' })
    const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
    const rows = JSON.stringify(database.prepare('select * from token').all())
    database.close()
    expect(rows).not.toContain(body.token)
  })
})

describe('sessions', () => {
  test('3.2.1 each sign-in has a new session', async () => {
    expect(cookieOf(await signIn())).not.toBe(cookieOf(await signIn()))
  })

  test('3.2.2 a session has 256 random bits', async () => {
    const [, value = ''] = cookieOf(await signIn()).split('=')
    expect(Buffer.from(value, 'base64url')).toHaveLength(32)
  })

  test('3.3.1 signing out ends it on the server', async () => {
    const cookie = cookieOf(await signIn())
    await supertest(service.server).delete('/api/v1/session').set('Cookie', cookie)
    expect((await withCookie(cookie)).status).toBe(401)
  })

  test('3.3.2 it ends when it is old', async () => {
    const cookie = cookieOf(await signIn())
    const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
    database.prepare('update session set endsAtMs = ?').run(Date.now())
    database.close()
    expect((await withCookie(cookie)).status).toBe(401)
  })

  test('3.3.4 revoking a token ends every session behind it', async () => {
    const { body } = await as('chief', 'post', '/api/v1/tokens').send({ name: 'b', role: 'viewer' })
    const cookies = [cookieOf(await signIn(body.token)), cookieOf(await signIn(body.token))]
    await as('chief', 'delete', `/api/v1/tokens/${body.summary.id}`)
    for (const cookie of cookies) expect((await withCookie(cookie)).status).toBe(401)
  })

  test.each([
    ['3.4.1', /; Secure/],
    ['3.4.2', /; HttpOnly/],
    ['3.4.3', /; SameSite=Strict/],
    ['3.4.4', /^__Host-/],
    ['3.4.5', /; Path=\/(;|$)/],
  ])('%s the cookie matches %s', async (_item, pattern) => {
    expect(String((await signIn()).headers['set-cookie'])).toMatch(pattern)
  })

  test('3.5.2 a browser holds a session and not the static token', async () => {
    expect(cookieOf(await signIn())).not.toContain('kp_chief')
    expect((await withCookie('__Host-kubeprof=kp_chief')).status).toBe(401)
  })
})

describe('access control', () => {
  test('4.1.1, 4.1.5 every route but the public ones refuses a stranger', async () => {
    const routes = service.app.routeTable.filter(
      ({ config, method }) => method !== 'HEAD' && !isPublic(config()),
    )
    expect(routes.length).toBeGreaterThan(60)
    for (const { method, url } of routes) {
      const path = url.replaceAll(/:\w+/g, 'x')
      const { statusCode } = await service.app.inject({
        method: methodOf(method),
        url: path,
        headers: { host: 'localhost' },
      })
      expect({ method, url, statusCode }).toEqual({ method, url, statusCode: 401 })
    }
  })

  test.each(['viewer', 'uploader', 'operator'])(
    '4.1.3 the role %s does not administer',
    async (role) => {
      const { body } = await as('chief', 'post', '/api/v1/tokens').send({ name: role, role })
      for (const path of ['/api/v1/tokens', '/api/v1/audit']) {
        const reply = await supertest(service.server)
          .get(path)
          .set('Authorization', `Bearer ${body.token}`)
        expect({ path, status: reply.status }).toEqual({ path, status: 403 })
      }
    },
  )

  test('4.3.1 people sign in where their second factor is asked for, before they administer', async () => {
    const provider = await startProvider()
    const other = await startService({
      works: false,
      settings: {
        'accounts.oidcIssuer': provider.issuer,
        'accounts.oidcClientId': CLIENT.id,
        'accounts.oidcClientSecret': CLIENT.secret,
        'accounts.groupRoles': '[{"group":"platform","role":"admin"}]',
      },
    })
    provider.register(other.app.listeningOrigin)
    const get = (path: string) => supertest(other.server).get(path)
    expect((await get('/api/v1/tokens')).status).toBe(401)
    const { headers } = await get('/auth/login')
    expect(new URL(headers['location'] ?? '').origin).toBe(provider.issuer)
    await other.stop()
    await provider.close()
  })

  test('4.2.1 what belongs to others is not there', async () => {
    const { body } = await upload('theirs')
    const path = `/api/v1/profiles/${body.profile.id}`
    expect((await as('theirs', 'get', path)).status).toBe(200)
    expect((await as('ours', 'get', path)).status).toBe(404)
  })

  test('4.2.2, 13.2.3 another site changes nothing', async () => {
    const cookie = cookieOf(await signIn())
    const reply = await supertest(service.server)
      .post('/api/v1/tokens')
      .set('Cookie', cookie)
      .set('Sec-Fetch-Site', 'cross-site')
      .send({ name: 'c', role: 'admin' })
    expect(reply.body.error.code).toBe('CROSS_SITE')
  })
})

describe('input', () => {
  test.each(['http://169.254.169.254/', 'http://[::1]:6060/', 'http://127.0.0.1:6060/'])(
    '5.2.6, 12.6.1 no request goes to %s for a user',
    async (url) => {
      const { body } = await as('chief', 'post', '/api/v1/targets').send({ name: 'inside', url })
      expect(body.error.code).toBe('TARGET_ADDRESS_DENIED')
    },
  )

  test('12.1.1 an upload that is too large is refused', async () => {
    expect((await upload('chief', Buffer.alloc(65_537, 1))).status).toBe(413)
  })

  test.each([
    [
      'many files',
      'files',
      Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((n) => [n, 'x'])),
    ],
    ['more than they seem', 'inflated_bytes', { a: LARGE, b: LARGE, c: LARGE }],
  ])('12.1.2 a compressed bundle of %s is refused', async (_what, reason, files) => {
    const { status, body } = await uploadBundle(files)
    expect(status).toBe(413)
    expect(body.error.details.reason).toBe(reason)
  })

  test('12.1.3 one caller uploads no more than its share, and others theirs', async () => {
    const tokens = ['greedy', 'modest'].map((name) => ({
      name,
      role: 'uploader',
      sha256: createHash('sha256').update(`kp_${name}`).digest('hex'),
    }))
    const other = await startService({
      works: false,
      settings: {
        'server.tokens': JSON.stringify(tokens),
        'server.uploadsPerMinuteMax': '2',
        // Requests of a proxy are not those of programs on this machine.
        'server.trustedProxies': '127.0.0.1',
      },
    })
    const uploadAs = async (name: string) =>
      supertest(other.server)
        .post('/api/v1/profiles')
        .set('Authorization', `Bearer kp_${name}`)
        .type('application/octet-stream')
        .send(Buffer.from([0x0a, 0x00]))
    const statuses = []
    for (const name of ['greedy', 'greedy', 'greedy', 'modest']) {
      statuses.push((await uploadAs(name)).status < 300 ? 'taken' : 'refused')
    }
    expect(statuses).toEqual(['taken', 'taken', 'refused', 'taken'])
    await other.stop()
  })

  test('12.3.1 a file name from outside is never a path or a header', async () => {
    const path = '/api/v1/profiles?name=../../etc/passwd%0d%0aX-Evil:1'
    const { body } = await as('chief', 'post', path)
      .type('application/octet-stream')
      .send(Buffer.from([0x0a, 0x00]))
    const raw = await as('chief', 'get', `/api/v1/profiles/${body.profile.id}/raw`)
    expect(raw.headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/)
    expect(raw.headers).not.toHaveProperty('x-evil')
  })

  test.each([
    ['12.3.2', '../../../escaped.log'],
    ['12.3.3', 'http://169.254.169.254/latest.log'],
    ['12.3.5', '$(touch escaped.log);`touch escaped.log`.log'],
  ])(
    '%s the name %s in a bundle is a name, and no file, address or command',
    async (_item, name) => {
      expect((await uploadBundle({ [name]: name })).status).toBeLessThan(500)
      const paths = [
        ...(await readdir(service.directory, { recursive: true })),
        ...(await readdir(join(service.directory, '..'))),
        ...(await readdir('.')),
      ]
      expect(paths.filter((path) => /escaped|latest/.test(path))).toEqual([])
    },
  )

  test('12.3.4 what is downloaded is called as the server says, and is a file', async () => {
    const { body } = await upload('chief', Buffer.from([0x0a, 0x00, 0x00]))
    const path = `/api/v1/profiles/${body.profile.id}/raw`
    const { headers } = await as('chief', 'get', path)
    expect(headers['content-disposition']).toMatch(/^attachment; /)
    for (const suffix of ['/run.bat', ';/run.bat', '?name=run.bat']) {
      const reply = await as('chief', 'get', path + suffix)
      expect(String(reply.headers['content-disposition'])).not.toContain('.bat')
    }
  })

  test('12.3.6 pages load no program from elsewhere', async () => {
    const { headers } = await as('chief', 'get', '/')
    const policy = String(headers['content-security-policy']).split(/; ?/)
    expect(policy).toContain("script-src 'self'")
    expect(policy.filter((one) => /https?:|\*/.test(one))).toEqual([])
  })

  test('14.4.3 pages allow the style elements of their own code, by a nonce of each answer', async () => {
    await mkdir(join(service.directory, 'web'), { recursive: true })
    await writeFile(join(service.directory, 'web', 'index.html'), '<head></head>')
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { headers, text } = await as('chief', 'get', '/')
        const [, allowed] = /style-src 'self' 'nonce-([^']+)';/.exec(
          String(headers['content-security-policy']),
        ) ?? ['']
        expect(text).toContain(`<meta name="style-nonce" nonce="${allowed}">`)
        return allowed
      }),
    )
    expect(new Set(nonces).size).toBe(2)
    await rm(join(service.directory, 'web'), { recursive: true })
  })

  test('12.4.1 uploads are outside of the web root, for this user alone, and cannot be run', async () => {
    await upload('chief')
    const blobs = join(service.directory, 'blobs')
    const files = await readdir(blobs, { recursive: true, withFileTypes: true })
    expect(files.some((one) => one.isFile())).toBe(true)
    for (const one of files) {
      const { mode } = await stat(join(one.parentPath, one.name))
      expect(mode & 0o777).toBe(one.isFile() ? 0o600 : 0o700)
    }
    expect(blobs).not.toContain(join(service.directory, 'web'))
  })
})

describe('logs and errors', () => {
  test('7.1.1 no token is logged', async () => {
    await signIn()
    expect(service.logLines.join('')).not.toContain('kp_chief')
  })

  test('7.1.3, 7.2.1, 7.2.2 sign-ins and refusals are logged, with who and from where', async () => {
    await signIn()
    const entries = service.logLines.map((line) => JSON.parse(line).audit).filter(Boolean)
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'session.sign-in', outcome: 'done', actor: 'chief' }),
    )
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'token.use', outcome: 'refused', address: '127.0.0.1' }),
    )
  })

  test('7.4.1 an error has a request id and no inner details', async () => {
    const { body } = await as('chief', 'get', '/api/v1/profiles/01JD6Q8G0000000000000000AA')
    expect(Object.keys(body.error).toSorted()).toEqual(['code', 'message', 'requestId'])
  })

  test('8.2.1 private data is kept by no cache', async () => {
    const { headers } = await as('chief', 'get', '/api/v1/profiles')
    expect(headers['cache-control']).toBe('private, no-store')
  })
})

describe('HTTP', () => {
  test.each([
    ['14.4.1', 'content-type', 'application/json; charset=utf-8'],
    ['14.4.3', 'content-security-policy', expect.stringContaining("default-src 'self'")],
    ['14.4.4', 'x-content-type-options', 'nosniff'],
    ['14.4.5', 'strict-transport-security', 'max-age=63072000'],
    ['14.4.6', 'referrer-policy', 'no-referrer'],
    ['14.4.7', 'x-frame-options', 'DENY'],
  ])('%s every answer has %s', async (_item, header, value) => {
    for (const path of ['/api/v1/profiles', '/nope', '/healthz']) {
      expect((await as('chief', 'get', path)).headers[header]).toEqual(value)
    }
  })

  test('14.5.1 other methods are refused', async () => {
    const reply = await as('chief', 'delete', '/api/v1/profiles')
    expect({ status: reply.status, allow: reply.headers['allow'] }).toMatchObject({ status: 405 })
  })

  test('14.5.3 no other origin may read', async () => {
    const { headers } = await as('chief', 'get', '/api/v1/profiles').set(
      'Origin',
      'https://evil.example',
    )
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })
})

function as(caller: string, method: 'get' | 'post' | 'delete', path: string) {
  return supertest(service.server)[method](path).set('Authorization', `Bearer kp_${caller}`)
}

function upload(caller: string, content = Buffer.from([0x0a, 0x00])) {
  return as(caller, 'post', '/api/v1/profiles').type('application/octet-stream').send(content)
}

async function uploadBundle(files: Readonly<Record<string, string>>) {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body) },
    body: Buffer.from(body),
  }))
  return as('chief', 'post', '/api/v1/captures')
    .type('application/gzip')
    .send(gzipSync(await packTar(entries)))
}

function signIn(token = 'kp_chief') {
  return supertest(service.server).post('/api/v1/session').send({ token })
}

function cookieOf({ headers }: { readonly headers: Record<string, unknown> }): string {
  return String([headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
}

function withCookie(cookie: string) {
  return supertest(service.server).get('/api/v1/profiles').set('Cookie', cookie)
}

function methodOf(method: string): 'GET' | 'POST' | 'PUT' | 'DELETE' {
  return method === 'POST' || method === 'PUT' || method === 'DELETE' ? method : 'GET'
}

function isPublic(config: object): boolean {
  return 'access' in config && config.access === 'public'
}
