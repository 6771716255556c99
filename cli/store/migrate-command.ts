import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { DATA_FLAGS, readServiceSettings } from '../service/service-flags.ts'
import { checkBackends } from '../settings/check-backends.ts'
import { readSettings } from '../settings/config.ts'
import type { Settings } from '../settings/settings.ts'
import { copyBetween } from './copy-between.ts'
import { noteCommand, withStore } from './open-data-store.ts'
import { placeOf } from '../settings/place-of.ts'
import { assertEmpty } from './restore-command.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  to: {
    kind: 'text',
    valueName: 'FILE',
    help: 'Settings of another store: copy everything there instead',
  },
  force: { kind: 'switch', help: 'With --to: replace what the other store holds' },
  ...DATA_FLAGS,
}

const USAGE = `usage: kubeprof migrate [flags]

Brings the tables up to date. With SQLite every process does so when it starts; with Postgres they wait for this command.

With --to FILE it copies all rows and files into the store that the settings in FILE name, from one folder to Postgres and S3
or back. Stop servers, workers and collectors first. It may be run again after an interruption; the first store stays as it is.
`

/** `kubeprof migrate`. */
export const runMigrate = defineCommand({
  name: 'migrate',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: 0,
  run,
})

async function run({ text, switches }: ParsedFlags, io: CommandIo): Promise<number> {
  const settings = await readServiceSettings(text, io)
  const { to } = text
  if (to !== undefined) return await migrateTo(settings, { file: to, switches, io })
  if (switches.has('force')) throw new CommandError('--force goes with --to FILE')
  await withStore(settings, { isMade: true, isAlone: false }, async () => undefined)
  io.writeOut(`the data in ${placeOf(settings)} is up to date\n`)
  return 0
}

interface Target {
  readonly file: string
  readonly switches: ReadonlySet<string>
  readonly io: CommandIo
}

async function migrateTo(settings: Settings, { file, switches, io }: Target): Promise<number> {
  // The environment describes the store that this command reads.
  const target = await readSettings({ file, env: {}, flags: {} })
  checkBackends(target)
  if (placeOf(target) === placeOf(settings)) {
    throw new CommandError(`${file} names the same store: ${placeOf(target)}`)
  }
  const place = placeOf(target)
  return await withStore(settings, { isMade: false, isAlone: true }, (from) =>
    withStore(target, { isMade: true, isAlone: true }, async (to) => {
      if (!switches.has('force')) await assertEmpty(to, place)
      const names = { command: 'migrate', done: 'copied', place, io }
      const code = await copyBetween(from, to, names)
      await noteCommand(to, 'store.migrate', { from: placeOf(settings) })
      return code
    }),
  )
}
