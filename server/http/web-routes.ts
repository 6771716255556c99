import fastifyStatic, { type FastifyStaticOptions } from '@fastify/static'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply } from 'fastify'
import type { App } from './app.ts'
import { profilePageHead } from './profile-page-head.ts'
import { allowStylesWith } from './security-headers.ts'

/** The addresses with pages in the web app. Any other address answers 404. */
const PAGES: readonly string[] = [
  '/',
  '/profiles',
  '/captures',
  '/captures/:id',
  '/targets',
  '/targets/:name',
  '/findings',
  '/findings/:id',
  '/ranges',
  '/local',
  '/local/:id',
  '/local/captures/:id',
  '/compare',
  '/rules',
  '/rules/:id',
  '/settings',
]

/**
 * Serves the built web app. Asset names contain a hash of their content, so assets never change.
 */
export async function webRoutes(app: App, webDirectory: string): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = Object.assign({}, route.config, { access: 'public' })
      route.schema = { ...route.schema, hide: true }
    })
    if (existsSync(webDirectory)) await scope.register(fastifyStatic, assetsOf(webDirectory))
    for (const url of PAGES) {
      scope.get(url, (_request, reply) => sendPage(reply, webDirectory))
    }
    scope.get<{ Params: { id: string } }>('/profiles/:id', ({ params }, reply) =>
      sendPage(reply, webDirectory, profilePageHead(webDirectory, params.id)),
    )
  })
}

function assetsOf(webDirectory: string): FastifyStaticOptions {
  const hashedAssets = join(webDirectory, 'assets')
  return {
    root: webDirectory,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(hashedAssets)
      void reply.header(
        'cache-control',
        isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  }
}

/** Sends the app's page with `head` inserted; without a build, explains how to make one. */
export function sendPage(reply: FastifyReply, webDirectory: string, head = ''): FastifyReply {
  const file = join(webDirectory, 'index.html')
  void reply.header('cache-control', 'no-cache')
  if (!existsSync(file)) {
    if (reply.statusCode === 200) void reply.code(503)
    return reply.type('text/plain; charset=utf-8').send(NOT_BUILT)
  }
  const page = readFileSync(file, 'utf8')
  const nonce = randomBytes(16).toString('base64url')
  allowStylesWith(reply, nonce)
  const nonceElement = `<meta name="style-nonce" nonce="${nonce}">`
  return reply
    .type('text/html; charset=utf-8')
    .send(page.replace('</head>', () => `${nonceElement}${head}</head>`))
}

const NOT_BUILT = 'The web app is not built. Run `npm run build:web`; the API works without it.\n'
