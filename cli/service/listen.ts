import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { buildServer, type ServerOptions } from '../../server/index.ts'
import type { Closers } from './closers.ts'
import type { Service } from './open-service.ts'
import { readVersion } from '../terminal/read-version.ts'

const WEB_DIRECTORY = fileURLToPath(new URL('../../build/web', import.meta.url))

export interface ListenOptions {
  readonly logger: Logger
  /** Receives the function that stops listening. */
  readonly closers: Closers
}

/** Serves the app and the API. Returns the address, without a path. */
export async function listen(
  options: ServerOptions,
  service: Service,
  { logger, closers }: ListenOptions,
): Promise<string> {
  const app = await buildServer({
    options,
    version: await readVersion(),
    logger,
    webDirectory: WEB_DIRECTORY,
    ...service,
  })
  closers.add(() => closeApp(app, options.shutdownMs))
  await app.listen({
    host: options.host,
    port: options.port,
    listenTextResolver: () => 'server listening',
  })
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  return options.publicUrl || `http://${shownHost(options.host)}:${port}`
}

/** Stops listening and waits for answers under way; a client that has stopped reading or sending is cut off. */
async function closeApp(
  app: Awaited<ReturnType<typeof buildServer>>,
  shutdownMs: number,
): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), shutdownMs)
  await app.close()
  clearTimeout(timer)
}

function shownHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
