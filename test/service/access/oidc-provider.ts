import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'

export const CLIENT = { id: 'kubeprof', secret: 'the-secret-of-the-client' } as const

/** Members of which groups the users are. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  ada: ['platform', 'everyone'],
  ben: ['everyone'],
  eve: [],
}

/** A real OpenID provider on loopback, at which a chosen user is signed in without a form. */
export interface TestProvider {
  readonly issuer: string
  /** Registers the client that sends browsers back to `origin`. */
  readonly register: (origin: string) => void
  readonly setUser: (user: string) => void
  readonly close: () => Promise<void>
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const answerNotReady: Handler = (_request, response) => {
  response.writeHead(503).end()
}

export async function startProvider(): Promise<TestProvider> {
  let handle: Handler = answerNotReady
  let user = 'ada'
  const server = createServer((request, response) => handle(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const issuer = `http://127.0.0.1:${port}`
  return {
    issuer,
    register(origin) {
      const provider = new Provider(issuer, configurationFor(origin))
      const callback = provider.callback()
      handle = (request, response) => {
        if (request.url?.startsWith('/interaction/') !== true) {
          void callback(request, response)
          return
        }
        void provider.interactionFinished(
          request,
          response,
          { login: { accountId: user } },
          { mergeWithLastSubmission: false },
        )
      }
    },
    setUser(next) {
      user = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function configurationFor(origin: string): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${origin}/auth/callback`],
        post_logout_redirect_uris: [`${origin}/`],
      },
    ],
    claims: { openid: ['sub'], email: ['email'], groups: ['groups'] },
    cookies: { keys: ['only for tests'] },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    pkce: { required: () => true },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        email: `${id}@example.com`,
        groups: [...(GROUPS[id] ?? [])],
      }),
    }),
    loadExistingGrant,
  }
}

/** Consent to everything, as an organisation's own provider gives it. */
async function loadExistingGrant({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({
    clientId: oidc.client?.clientId ?? '',
    accountId: oidc.session?.accountId ?? '',
  })
  grant.addOIDCScope('openid email groups')
  await grant.save()
  return grant
}

/** A browser without scripts: keeps cookies by origin, and follows redirects. */
export class TestBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  /** The last response, and the addresses visited on the way. */
  async visit(url: string): Promise<{ readonly response: Response; readonly visited: string[] }> {
    const visited: string[] = []
    let next = url
    for (;;) {
      visited.push(next)
      const response = await this.fetch(next)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { response, visited }
      }
      next = new URL(location, next).href
    }
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url)
    const jar = this.#cookies.get(origin) ?? new Map<string, string>()
    this.#cookies.set(origin, jar)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/)
      if (value === '' || /Max-Age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  cookiesOf(origin: string): ReadonlyMap<string, string> {
    return this.#cookies.get(origin) ?? new Map()
  }
}
