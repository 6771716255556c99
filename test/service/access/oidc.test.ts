import { DatabaseSync } from 'node:sqlite'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { CLIENT, startProvider, TestBrowser, type TestProvider } from './oidc-provider.ts'
import { startService, type StartedService } from '../start-service.ts'

/** How long a user may take at the provider. */
const LOGIN_MS_MAX = 600_000
const GROUP_ROLES = [
  { group: 'platform', role: 'admin' },
  { group: 'everyone', role: 'viewer' },
]

let provider: TestProvider
let service: StartedService
let origin: string
let browser: TestBrowser
beforeAll(async () => {
  provider = await startProvider()
  service = await startService({
    works: false,
    settings: {
      'accounts.oidcIssuer': provider.issuer,
      'accounts.oidcClientId': CLIENT.id,
      'accounts.oidcClientSecret': CLIENT.secret,
      'accounts.oidcScopes': 'openid,email,groups',
      'accounts.oidcName': 'Example SSO',
      'accounts.groupRoles': JSON.stringify(GROUP_ROLES),
    },
  })
  mkdirSync(join(service.directory, 'web'))
  const page = '<html><head></head><body></body></html>'
  writeFileSync(join(service.directory, 'web', 'index.html'), page)
  const address = service.server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  provider.register(origin)
})
beforeEach(() => {
  provider.setUser('ada')
  browser = new TestBrowser()
})
afterAll(async () => {
  await service.stop()
  await provider.close()
})

test('a stranger is told that there is a provider, and gets in with it', async () => {
  expect(await sessionOf(browser)).toMatchObject({ role: null, oidcName: 'Example SSO' })
  const { response, visited } = await browser.visit(`${origin}/auth/login?return=/targets`)
  expect(response.status).toBe(200)
  expect(visited.at(-1)).toBe(`${origin}/targets`)
  expect(await sessionOf(browser)).toMatchObject({ role: 'admin', name: 'ada@example.com' })
  expect((await browser.fetch(`${origin}/api/v1/profiles`)).status).toBe(200)
})

test('the exchange has state, nonce and PKCE, and the cookie that holds them is sealed', async () => {
  const response = await browser.fetch(`${origin}/auth/login`)
  const url = new URL(response.headers.get('location') ?? '')
  expect(url.origin).toBe(provider.issuer)
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{20,}$/),
    nonce: expect.stringMatching(/^[\w-]{20,}$/),
    redirect_uri: `${origin}/auth/callback`,
  })
  const [line = ''] = response.headers.getSetCookie()
  expect(line).toMatch(/^kubeprof_login=[0-9a-f]{12}\.[\w-]+;/)
  for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Max-Age=600']) {
    expect(line).toContain(attribute)
  }
  expect(line).not.toContain(url.searchParams.get('state'))
})

test('the highest role of the groups counts', async () => {
  provider.setUser('ben')
  await browser.visit(`${origin}/auth/login`)
  expect(await sessionOf(browser)).toMatchObject({ role: 'viewer', name: 'ben@example.com' })
  const reply = await browser.fetch(`${origin}/api/v1/tokens`)
  expect(reply.status).toBe(403)
})

test('a user without a group that gives a role does not get in', async () => {
  provider.setUser('eve')
  const { visited } = await browser.visit(`${origin}/auth/login`)
  expect(visited.at(-1)).toBe(`${origin}/?signin=forbidden`)
  expect(await sessionOf(browser)).toMatchObject({ role: null })
  expect(browser.cookiesOf(origin).size).toBe(0)
})

test.each([
  ['another state', (url: URL) => url.searchParams.set('state', 'forged')],
  ['another code', (url: URL) => url.searchParams.set('code', 'forged')],
  ['no code', (url: URL) => url.searchParams.delete('code')],
])('a callback with %s is refused', async (_what, forge) => {
  const url = new URL(await callbackOf(browser))
  forge(url)
  const { visited } = await browser.visit(url.href)
  expect(visited.at(-1)).toBe(`${origin}/?signin=failed`)
  expect(await sessionOf(browser)).toMatchObject({ role: null })
})

test.each([
  ['id token is for another sign-in', 'nonce'],
  ['code belongs to another verifier', 'code_challenge'],
])('a sign-in whose %s is refused', async (_what, parameter) => {
  const reply = await browser.fetch(`${origin}/auth/login`)
  const url = new URL(reply.headers.get('location') ?? '')
  url.searchParams.set(parameter, 'x'.repeat(43))
  const { visited } = await browser.visit(url.href)
  expect(visited.at(-2)).toMatch(/\/auth\/callback\?code=/)
  expect(visited.at(-1)).toBe(`${origin}/?signin=failed`)
  expect(await sessionOf(browser)).toMatchObject({ role: null })
})

test('a sign-in that was begun too long ago is refused, although the provider confirms it', async () => {
  // Not later than now: ids never go back, and those of the files that follow in this process would be of the future.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - LOGIN_MS_MAX - 1000 })
  const reply = await browser.fetch(`${origin}/auth/login`).finally(() => vi.useRealTimers())
  const { visited } = await browser.visit(reply.headers.get('location') ?? '')
  expect(visited.at(-2)).toMatch(/\/auth\/callback\?code=/)
  expect(visited.at(-1)).toBe(`${origin}/?signin=failed`)
})

test('a callback in another browser is refused, so that no one is signed in as someone else', async () => {
  const url = await callbackOf(browser)
  const other = new TestBrowser()
  expect((await other.visit(url)).visited.at(-1)).toBe(`${origin}/?signin=failed`)
  expect(await sessionOf(other)).toMatchObject({ role: null })
})

test('a code is used once', async () => {
  const url = await callbackOf(browser)
  await browser.visit(url)
  expect((await browser.visit(url)).visited.at(-1)).toBe(`${origin}/?signin=failed`)
})

test.each(['//evil.example', '/\\evil.example', 'https://evil.example'])(
  'after sign-in the browser is not sent to %s',
  async (path) => {
    const reply = await browser.fetch(`${origin}/auth/login?return=${encodeURIComponent(path)}`)
    expect(reply.status).toBe(400)
  },
)

test('signing out ends the session here and goes on to the provider', async () => {
  await browser.visit(`${origin}/auth/login`)
  const [session = ''] = [...browser.cookiesOf(origin)].map((pair) => pair.join('='))
  const { visited } = await browser.visit(`${origin}/auth/logout`)
  expect(visited[1]).toContain(`${provider.issuer}/session/end?`)
  expect(visited[1]).toContain('id_token_hint=')
  const replay = await fetch(`${origin}/api/v1/profiles`, { headers: { cookie: session } })
  expect(replay.status).toBe(401)
})

test('the id token is stored sealed, under a key that only the owner of the server may read', async () => {
  await browser.visit(`${origin}/auth/login`)
  const database = new DatabaseSync(join(service.directory, 'kubeprof.db'))
  const rows = JSON.stringify(database.prepare('select userJson from session').all())
  database.close()
  expect(rows).toMatch(/sealedIdToken\W+[0-9a-f]{12}\./)
  // A JSON Web Token has three parts, of which the first begins with {" in base64. Sealed, the letters may come by chance.
  expect(rows).not.toMatch(/eyJ[\w-]*\./)
  const file = join(service.directory, 'secret.key')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(rows).not.toContain(readFileSync(file, 'utf8').trim().split(':')[1])
})

test('the audit log names the user, and the failures', async () => {
  await browser.visit(`${origin}/auth/login`)
  const path = '/api/v1/audit?action=session.sign-in&limit=500'
  const { items }: { readonly items: readonly { readonly outcome: string }[] } = JSON.parse(
    await (await browser.fetch(`${origin}${path}`)).text(),
  )
  expect(items[0]).toMatchObject({ actor: 'ada@example.com', actorKind: 'user', outcome: 'done' })
  expect(items.map(({ outcome }) => outcome)).toContain('refused')
  expect(JSON.stringify(service.logLines)).not.toContain(CLIENT.secret)
})

async function sessionOf(one: TestBrowser): Promise<unknown> {
  return (await one.fetch(`${origin}/api/v1/session`)).json()
}

/** Signs in at the provider, and returns the address that it sends the browser back to. */
async function callbackOf(one: TestBrowser): Promise<string> {
  let next = `${origin}/auth/login`
  while (!next.startsWith(`${origin}/auth/callback`)) {
    const reply = await one.fetch(next)
    next = new URL(reply.headers.get('location') ?? '', next).href
  }
  return next
}
