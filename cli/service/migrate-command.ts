import { openStore } from '../../store/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readSettings } from '../settings/config.ts'
import { describeFlags, parseFlags, type FlagSpec } from '../terminal/parse-flags.ts'
import { explainStartError } from './start-error.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  data: { kind: 'text', valueName: 'FOLDER', help: 'Where the data is (store.directory)' },
  config: { kind: 'text', valueName: 'FILE', help: 'Settings in YAML; see docs/config.md' },
  help: { kind: 'switch', help: 'Show this' },
}

/** `kubeprof migrate`: brings the tables up to date and ends. `serve` and `work` do so too when they start. */
export async function runMigrate(args: readonly string[], io: CommandIo): Promise<number> {
  const { text, switches, positionals } = parseFlags(args, FLAGS)
  if (switches.has('help')) {
    io.writeOut(`usage: kubeprof migrate [flags]\n\n${describeFlags(FLAGS)}`)
    return 0
  }
  if (positionals[0] !== undefined) {
    throw new CommandError(`migrate takes no argument, but got "${positionals[0]}"`)
  }
  const settings = await readSettings({
    file: text['config'] ?? io.env['KUBEPROF_CONFIG'] ?? null,
    env: io.env,
    flags: text['data'] === undefined ? {} : { 'store.directory': text['data'] },
  })
  try {
    const store = await openStore({ ...settings.store, onDiskFailure: () => undefined })
    await store.close()
  } catch (error) {
    throw explainStartError(error, settings.server)
  }
  io.writeOut(`the data in ${settings.store.directory} is up to date\n`)
  return 0
}
