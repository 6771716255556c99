import type { Logger } from 'pino'
import { isLoopback, type ServerOptions } from '../../server/index.ts'
import { type Closers, closeOnSignal, makeClosers } from './closers.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readSettings } from '../settings/config.ts'
import { listen } from './listen.ts'
import { makeLogger } from './make-logger.ts'
import { openService } from './open-service.ts'
import { describeFlags, parseFlags, type FlagSpec } from '../terminal/parse-flags.ts'
import type { Settings } from '../settings/settings.ts'
import { explainStartError } from './start-error.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  roles: { kind: 'text', valueName: 'LIST', help: 'Of api, work, collect; all by default' },
  host: { kind: 'text', valueName: 'ADDRESS', help: 'Where to listen (server.host)' },
  port: { kind: 'text', valueName: 'PORT', help: 'Where to listen (server.port)' },
  data: { kind: 'text', valueName: 'FOLDER', help: 'Where to keep data (store.directory)' },
  targets: {
    kind: 'text',
    valueName: 'FILE',
    help: 'What to capture and when (collect.targetsFile); see docs/targets.md',
  },
  config: { kind: 'text', valueName: 'FILE', help: 'Settings in YAML; see docs/config.md' },
  help: { kind: 'switch', help: 'Show this' },
}

const ROLES: readonly string[] = ['api', 'work', 'collect']

/** `kubeprof serve`: the app and the API, with analysis and collection in the same process unless `--roles` says otherwise. */
export async function runServe(args: readonly string[], io: CommandIo): Promise<number> {
  const { text, switches, positionals } = parseFlags(args, FLAGS)
  if (switches.has('help')) {
    io.writeOut(`usage: kubeprof serve [flags]\n\n${describeFlags(FLAGS)}`)
    return 0
  }
  if (positionals[0] !== undefined) {
    throw new CommandError(`serve takes no argument, but got "${positionals[0]}"`)
  }
  const roles = readRoles(text['roles'])
  const settings = await readSettings({
    file: text['config'] ?? io.env['KUBEPROF_CONFIG'] ?? null,
    env: io.env,
    flags: settingFlags(text),
  })
  if (roles.has('api')) checkReach(settings.server)
  const logger = makeLogger(settings.log, io.isTerminal)
  const closers = makeClosers()
  try {
    const url = await start(settings, { roles, logger, closers, env: io.env })
    io.writeOut(
      url === null ? 'kubeprof is working\n' : `kubeprof is ready: open ${url} in a browser\n`,
    )
  } catch (error) {
    await closers.closeAll().catch(() => undefined)
    throw explainStartError(error, settings.server)
  }
  return await closeOnSignal(closers)
}

interface StartOptions {
  readonly roles: ReadonlySet<string>
  readonly logger: Logger
  readonly closers: Closers
  readonly env: CommandIo['env']
}

/** The address it answers at, or `null` where it does not serve. */
async function start(
  settings: Settings,
  { roles, logger, closers, env }: StartOptions,
): Promise<string | null> {
  const service = await openService(settings, {
    logger,
    closers,
    serves: roles.has('api'),
    works: roles.has('work'),
    ...(roles.has('collect') ? { collectEnv: env } : {}),
  })
  if (!roles.has('api')) return null
  return await listen(settings.server, service, { logger, closers })
}

/** Without tokens everyone who reaches the server is its admin, so only this machine may. */
function checkReach({ host, tokens, allowsAnonymous }: ServerOptions): void {
  if (isLoopback(host) || tokens.length > 0 || allowsAnonymous) return
  throw new CommandError(
    `server.host is ${host}, which others can reach, and no token is configured: set server.tokens, or listen on 127.0.0.1`,
  )
}

function readRoles(list: string | undefined): ReadonlySet<string> {
  const roles = (list ?? ROLES.join(',')).split(',').map((role) => role.trim())
  const unknown = roles.find((role) => !ROLES.includes(role))
  if (unknown !== undefined) {
    throw new CommandError(`there is no role "${unknown}"; the roles are ${ROLES.join(', ')}`)
  }
  return new Set(roles)
}

function settingFlags(text: Readonly<Record<string, string>>): Record<string, string> {
  const settings = {
    host: 'server.host',
    port: 'server.port',
    data: 'store.directory',
    targets: 'collect.targetsFile',
  }
  return Object.fromEntries(
    Object.entries(settings).flatMap(([flag, path]) => {
      const value = text[flag]
      return value === undefined ? [] : [[path, value]]
    }),
  )
}
