import { isIP } from 'node:net'
import type { Logger } from 'pino'
import { isLoopback } from '../../../server/index.ts'
import { type Closers, closeOnSignal, makeClosers } from '../closers.ts'
import { defineCommand } from '../../terminal/define-command.ts'
import { CommandError } from '../../terminal/command-error.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { DATA_FLAGS, readServiceSettings, TARGETS_FLAG } from '../service-flags.ts'
import { listen } from '../listen.ts'
import { makeLogger } from '../observe/make-logger.ts'
import { reportStart } from '../observe/report-start.ts'
import { openService, type Service } from '../open-service.ts'
import { reloadOnSignal } from '../reload-on-signal.ts'
import { openBrowser } from '../../terminal/open-browser.ts'
import type { FlagSpec, ParsedFlags } from '../../terminal/parse-flags.ts'
import type { Settings } from '../../settings/settings.ts'
import { startWith } from '../start-error.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  roles: {
    kind: 'text',
    valueName: 'LIST',
    help: 'Which of api, work, collect to run; all by default',
  },
  host: { kind: 'text', valueName: 'ADDRESS', help: 'Where to listen (server.host)' },
  port: { kind: 'text', valueName: 'PORT', help: 'Where to listen (server.port)' },
  open: {
    kind: 'switch',
    help: 'Open the start page in the browser ($BROWSER, else the usual ones)',
  },
  ...DATA_FLAGS,
  ...TARGETS_FLAG,
}

const ROLES: readonly string[] = ['api', 'work', 'collect']

/** `kubeprof serve`: the app and the API, with analysis and collection in the same process unless `--roles` says otherwise. */
export const runServe = defineCommand({ name: 'serve', flags: FLAGS, argumentsMax: 0, run })

async function run({ text, switches }: ParsedFlags, io: CommandIo): Promise<number> {
  const roles = readRoles(text['roles'])
  const settings = await readServiceSettings(text, io)
  if (roles.has('api')) {
    checkProxies(settings)
    checkSignIn(settings)
  }
  const logger = makeLogger(settings.log, io.isTerminal)
  const closers = makeClosers()
  const readAgain = () => readServiceSettings(text, io)
  const { server } = settings
  const { url, readyChecks } = await startWith({ closers, server }, () =>
    start(settings, { roles, logger, closers, env: io.env, readAgain }),
  )
  const ended = closeOnSignal(closers, roles.has('collect') ? settings.collect.stopMs : 0)
  const state = await reportStart('serve', readyChecks, io)
  io.writeOut(
    url === null ? 'kubeprof is working\n' : `kubeprof is ${state}: open ${url} in a browser\n`,
  )
  if (url !== null && switches.has('open') && !(await openBrowser(url, io.env))) {
    io.writeError('kubeprof serve: no browser could be started; set BROWSER to one\n')
  }
  return await ended
}

interface StartOptions {
  readonly roles: ReadonlySet<string>
  readonly logger: Logger
  readonly closers: Closers
  readonly env: CommandIo['env']
  readonly readAgain: () => Promise<Settings>
}

interface Started extends Pick<Service, 'readyChecks'> {
  /** The address it serves at, or `null` where it does not serve. */
  readonly url: string | null
}

async function start(
  settings: Settings,
  { roles, logger, closers, env, readAgain }: StartOptions,
): Promise<Started> {
  const service = await openService(settings, {
    logger,
    closers,
    serves: roles.has('api'),
    works: roles.has('work'),
    ...(roles.has('collect') ? { collectEnv: env } : {}),
  })
  const { store, readyChecks } = service
  if (!roles.has('api')) return { url: null, readyChecks }
  checkReach(settings, await store.tokens.hasAny())
  reloadOnSignal({ ...service, readAgain, audit: store.audit, logger, closers })
  return { url: await listen(settings.server, service, { logger, closers }), readyChecks }
}

function checkProxies({ server }: Settings): void {
  const wrong = server.trustedProxies.find((one) => !isNetwork(one))
  if (wrong === undefined) return
  throw new CommandError(
    `server.trustedProxies has ${wrong}, which is neither an address nor a network: write 10.1.2.3, 10.0.0.0/8 or fd00::/8`,
  )
}

/** A network of all addresses is none: who may say where requests come from must be named. */
function isNetwork(text: string): boolean {
  const [address = '', prefix] = text.split('/')
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0
  const length = prefix === undefined ? bits : Number(prefix)
  return length >= 1 && length <= bits
}

/** Sign-in that is half set up lets no user in, and says so to users alone. */
function checkSignIn({ server, accounts }: Settings): void {
  if (accounts.oidcIssuer !== '' && accounts.oidcClientId === '') {
    throw new CommandError(
      'accounts.oidcIssuer is set without accounts.oidcClientId, the id of this server at the provider; see docs/accounts.md',
    )
  }
  if (accounts.proxySecret !== '' && server.trustedProxies.length === 0) {
    throw new CommandError(
      'accounts.proxySecret is set without server.trustedProxies, the addresses of the proxies that send it; see docs/accounts.md',
    )
  }
}

/** Without tokens everyone who reaches the server is an admin, so it may listen on loopback only. */
function checkReach({ server, accounts }: Settings, hasRows: boolean): void {
  const { host, tokens, allowsAnonymous } = server
  const isFederated = accounts.oidcIssuer !== '' || accounts.proxySecret !== ''
  if (isLoopback(host) || tokens.length > 0 || hasRows || isFederated || allowsAnonymous) return
  throw new CommandError(
    `server.host is ${host}, which others can reach, and there is no token: make one with kubeprof token create NAME --role admin, or listen on 127.0.0.1`,
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
