import { openStore } from '../../store/index.ts'
import { defineCommand } from '../terminal/define-command.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { DATA_FLAGS, readServiceSettings } from './service-flags.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import type { Settings } from '../settings/settings.ts'
import { explainStartError } from './start-error.ts'

/**
 * `kubeprof migrate`: brings the tables up to date and exits. With SQLite every process does so when it starts; with
 * Postgres they wait for this command.
 */
export const runMigrate = defineCommand({
  name: 'migrate',
  flags: DATA_FLAGS,
  takesArguments: false,
  run,
})

async function run({ text }: ParsedFlags, io: CommandIo): Promise<number> {
  const settings = await readServiceSettings(text, io)
  try {
    const store = await openStore({
      ...settings.store,
      blobs: settings.blobs,
      migrates: true,
      onDiskFailure: () => undefined,
    })
    await store.close()
  } catch (error) {
    throw explainStartError(error, settings.server)
  }
  io.writeOut(`the data in ${whereRowsAre(settings.store)} is up to date\n`)
  return 0
}

/** For messages: the folder, or the database without credentials. */
function whereRowsAre({ kind, directory, postgresUrl }: Settings['store']): string {
  if (kind === 'sqlite') return directory
  if (!URL.canParse(postgresUrl)) return 'Postgres'
  const { host, pathname } = new URL(postgresUrl)
  return `Postgres ${host}${pathname}`
}
