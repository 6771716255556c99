import { userInfo } from 'node:os'
import { Value } from 'typebox/value'
import { DEFAULT_SPACE, EVERY_SPACE, Role } from '../../../api/index.ts'
import { hashToken, newSecretToken } from '../../../server/index.ts'
import { openStore, type Store, type StoredToken } from '../../../store/index.ts'
import type { Settings } from '../../settings/settings.ts'
import { CommandError } from '../../terminal/command-error.ts'
import { cleanText } from '../../terminal/terminal-text.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { defineCommand } from '../../terminal/define-command.ts'
import type { FlagSpec, ParsedFlags } from '../../terminal/parse-flags.ts'
import { DATA_FLAGS, readServiceSettings } from '../service-flags.ts'
import { assertDatabase } from '../has-database.ts'
import { explainStartError } from '../start-error.ts'

const DAY_MS = 86_400_000
const DAYS = '90'
const DAYS_MAX = 3650
const NAME_LENGTH_MAX = 100
const LISTED_TOGETHER_MAX = 500

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  role: {
    kind: 'text',
    valueName: 'ROLE',
    help: 'viewer (default), uploader, operator, admin or trigger',
  },
  space: {
    kind: 'text',
    valueName: 'NAME',
    help: 'The space it gives access to; every space without it',
  },
  days: {
    kind: 'text',
    valueName: 'DAYS',
    help: `How long it is valid: ${DAYS} by default, or "forever"`,
  },
  ...DATA_FLAGS,
}

const USAGE = `usage: kubeprof token create NAME     make a token; it is printed once, alone on standard output
       kubeprof token list            the tokens of the database, without the tokens themselves
       kubeprof token revoke ID       end a token and the sessions behind it, at once, in every process
`

/** `kubeprof token`: tokens of a data directory, for the first admin and for scripts on the host. */
export const runToken = defineCommand({
  name: 'token',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: { create: 1, list: 0, revoke: 1 },
  run,
})

async function run(flags: ParsedFlags, io: CommandIo): Promise<number> {
  const [action, subject] = flags.positionals
  switch (action) {
    case 'create':
      // The first one is made before the server starts, and the database with it.
      return withStore({ flags, io, isMade: true }, (store, settings) =>
        create(store, settings, { name: checkedName(subject), flags, io }),
      )
    case 'list':
      return withStore({ flags, io, isMade: false }, (store) => list(store, io))
    case 'revoke':
      return withStore({ flags, io, isMade: false }, (store) => revoke(store, subject, io))
    default:
      throw new CommandError('say create, list or revoke (see kubeprof token --help)')
  }
}

interface Opening {
  readonly flags: ParsedFlags
  readonly io: CommandIo
  /** False where a database that is not there is a mistake. */
  readonly isMade: boolean
}

async function withStore(
  { flags, io, isMade }: Opening,
  work: (store: Store, settings: Settings) => Promise<number>,
): Promise<number> {
  const settings = await readServiceSettings(flags.text, io)
  if (!isMade) await assertDatabase(settings.store)
  const store = await openStore({
    ...settings.store,
    blobs: settings.blobs,
    onDiskFailure: () => undefined,
  }).catch((error: unknown) => {
    throw explainStartError(error, settings.server)
  })
  try {
    return await work(store, settings)
  } finally {
    await store.close()
  }
}

interface Creation {
  readonly name: string
  readonly flags: ParsedFlags
  readonly io: CommandIo
}

async function create(
  { tokens, spaces, audit }: Store,
  { server }: Settings,
  { name, flags: { text }, io }: Creation,
): Promise<number> {
  const role = text['role'] ?? 'viewer'
  if (!Value.Check(Role, role))
    throw new CommandError(`--role is one of ${Role.enum.join(', ')}, not "${role}"`)
  const space = text['space'] ?? EVERY_SPACE
  const isFirst = server.tokens.length === 0 && !(await tokens.hasAny())
  if (isFirst && (role !== 'admin' || space !== EVERY_SPACE)) {
    throw new CommandError(
      'the first token must be of an admin of every space, who can make the others: add --role admin',
    )
  }
  const isThere = space === EVERY_SPACE || space === DEFAULT_SPACE
  if (!isThere && (await spaces.find(space)) === null) {
    throw new CommandError(`there is no space "${space}"; an admin makes one: docs/accounts.md`)
  }
  const token = newSecretToken()
  const expiresAtMs = expiryOf(text['days'] ?? DAYS)
  const hash = hashToken(token)
  const stored = await tokens.add({ name, role, space, hash, createdBy: null, expiresAtMs })
  await note(audit, 'token.create', stored)
  io.writeError(`kubeprof token: made ${stored.id}; it is shown only here:\n`)
  io.writeOut(`${token}\n`)
  return 0
}

async function list({ tokens }: Store, io: CommandIo): Promise<number> {
  let cursor: string | null = null
  do {
    const page = await tokens.list({}, { limit: LISTED_TOGETHER_MAX, cursor })
    for (const token of page.items) io.writeOut(`${describe(token)}\n`)
    cursor = page.nextCursor
  } while (cursor !== null)
  return 0
}

function describe(token: StoredToken): string {
  const { id, name, role, space, expiresAtMs, lastUsedAtMs, revokedAtMs } = token
  const state =
    revokedAtMs !== null
      ? `revoked ${day(revokedAtMs)}`
      : expiresAtMs === null
        ? 'does not expire'
        : `${expiresAtMs <= Date.now() ? 'expired' : 'expires'} ${day(expiresAtMs)}`
  const used = lastUsedAtMs === null ? 'never used' : `last used ${day(lastUsedAtMs)}`
  return `${id}  ${role.padEnd(8)}  ${space.padEnd(12)}  ${state.padEnd(18)}  ${used.padEnd(20)}  ${cleanText(name)}`
}

function day(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}

async function revoke({ tokens, audit }: Store, id: string | undefined, io: CommandIo) {
  if (id === undefined) throw new CommandError('name a token: kubeprof token revoke ID')
  const token = await tokens.revoke(id)
  if (token === null) throw new CommandError(`there is no token "${id}"; see kubeprof token list`)
  await note(audit, 'token.revoke', token)
  io.writeOut(`revoked ${cleanText(token.name)}\n`)
  return 0
}

async function note(audit: Store['audit'], action: string, token: StoredToken): Promise<void> {
  const { id, name, role, space } = token
  await audit.add({
    action,
    outcome: 'done',
    actor: userInfo().username,
    actorKind: 'command',
    space: space === EVERY_SPACE ? DEFAULT_SPACE : space,
    object: id,
    address: null,
    requestId: null,
    detailsJson: JSON.stringify({ name, role, space }),
  })
}

function checkedName(name: string | undefined): string {
  if (name === undefined) throw new CommandError('name the token: kubeprof token create NAME')
  if (name.length <= NAME_LENGTH_MAX && name !== '') return name
  throw new CommandError(`a name has 1 to ${NAME_LENGTH_MAX} characters`)
}

/** When a token of this many days expires; `null` for `forever`. */
function expiryOf(days: string): number | null {
  if (days === 'forever') return null
  const count = Number(days)
  if (Number.isInteger(count) && count >= 1 && count <= DAYS_MAX) return Date.now() + count * DAY_MS
  throw new CommandError(`--days takes a whole number from 1 to ${DAYS_MAX}, or "forever"`)
}
