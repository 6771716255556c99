import { closeOnSignal, makeClosers } from './closers.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readSettings } from '../settings/config.ts'
import { listenForHealth } from './listen-for-health.ts'
import { makeLogger } from './make-logger.ts'
import { openService } from './open-service.ts'
import { describeFlags, parseFlags, type FlagSpec } from '../terminal/parse-flags.ts'
import { explainStartError } from './start-error.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  data: { kind: 'text', valueName: 'FOLDER', help: 'Where the data is (store.directory)' },
  config: { kind: 'text', valueName: 'FILE', help: 'Settings in YAML; see docs/config.md' },
  help: { kind: 'switch', help: 'Show this' },
}

/** `kubeprof work`: analyses what servers over the same data directory have stored. */
export async function runWork(args: readonly string[], io: CommandIo): Promise<number> {
  const { text, switches, positionals } = parseFlags(args, FLAGS)
  if (switches.has('help')) {
    io.writeOut(`usage: kubeprof work [flags]\n\n${describeFlags(FLAGS)}`)
    return 0
  }
  if (positionals[0] !== undefined) {
    throw new CommandError(`work takes no argument, but got "${positionals[0]}"`)
  }
  const settings = await readSettings({
    file: text['config'] ?? io.env['KUBEPROF_CONFIG'] ?? null,
    env: io.env,
    flags: text['data'] === undefined ? {} : { 'store.directory': text['data'] },
  })
  const logger = makeLogger(settings.log, io.isTerminal)
  const closers = makeClosers()
  try {
    const service = await openService(settings, { logger, closers, serves: false, works: true })
    const { healthListen } = settings.worker
    if (healthListen !== '') {
      await listenForHealth(healthListen, { ...service, metrics: null }, closers)
    }
  } catch (error) {
    await closers.closeAll().catch(() => undefined)
    throw explainStartError(error, settings.server)
  }
  io.writeOut(`kubeprof is working on ${settings.store.directory}\n`)
  return await closeOnSignal(closers)
}
