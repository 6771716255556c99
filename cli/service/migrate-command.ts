import { openStore } from '../../store/index.ts'
import { defineCommand } from '../terminal/define-command.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { DATA_FLAGS, readServiceSettings } from './service-flags.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { explainStartError } from './start-error.ts'

/** `kubeprof migrate`: brings the tables up to date and exits. `serve` and `work` also do so when they start. */
export const runMigrate = defineCommand({
  name: 'migrate',
  flags: DATA_FLAGS,
  takesArguments: false,
  run,
})

async function run({ text }: ParsedFlags, io: CommandIo): Promise<number> {
  const settings = await readServiceSettings(text, io)
  try {
    const store = await openStore({ ...settings.store, onDiskFailure: () => undefined })
    await store.close()
  } catch (error) {
    throw explainStartError(error, settings.server)
  }
  io.writeOut(`the data in ${settings.store.directory} is up to date\n`)
  return 0
}
