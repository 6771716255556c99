import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { dirname, extname, join, normalize } from 'node:path'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Serves speedscope and a profile beside it; `url` is of the page that opens the profile. */
export async function startSpeedscope(
  file: string,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const app = join(dirname(require.resolve('speedscope/package.json')), 'dist', 'release')
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(new URL(url, 'http://localhost').pathname)
    const asked = path === PROFILE ? file : join(app, path === '/' ? 'index.html' : path)
    try {
      const bytes = await readFile(asked)
      response.setHeader(
        'content-type',
        CONTENT_TYPES[extname(asked)] ?? 'application/octet-stream',
      )
      response.end(bytes)
    } catch {
      response.writeHead(404).end()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const origin = `http://127.0.0.1:${port}`
  const profileUrl = encodeURIComponent(`${origin}${PROFILE}`)
  return { url: `${origin}/#profileURL=${profileUrl}`, stop: () => server.close() }
}

const PROFILE = '/profile.pb.gz'
const require = createRequire(import.meta.url)
