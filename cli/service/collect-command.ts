import { checkTargetsFile, targetsFileSchema } from './check-targets-file.ts'
import { closeOnSignal, makeClosers } from './closers.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readSettings } from '../settings/config.ts'
import { makeLogger } from './make-logger.ts'
import { openCollectorAlone } from './open-collector.ts'
import { describeFlags, parseFlags, type FlagSpec } from '../terminal/parse-flags.ts'
import { explainStartError } from './start-error.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  targets: {
    kind: 'text',
    valueName: 'FILE',
    help: 'What to capture and when (collect.targetsFile); see docs/targets.md',
  },
  data: { kind: 'text', valueName: 'FOLDER', help: 'Where the data is (store.directory)' },
  config: { kind: 'text', valueName: 'FILE', help: 'Settings in YAML; see docs/config.md' },
  check: {
    kind: 'text',
    valueName: 'FILE',
    help: 'Only say what is wrong with a targets file; exits with 3 when something is',
  },
  reach: {
    kind: 'switch',
    help: 'With --check: also find and ask every target, and say which rights are missing',
  },
  schema: { kind: 'switch', help: 'Only print the JSON schema of targets files, for editors' },
  help: { kind: 'switch', help: 'Show this' },
}

/** `kubeprof collect`: takes captures on schedule, on demand and on alert, beside servers over the same data directory. */
export async function runCollect(args: readonly string[], io: CommandIo): Promise<number> {
  const { text, switches, positionals } = parseFlags(args, FLAGS)
  if (switches.has('help')) {
    io.writeOut(`usage: kubeprof collect [flags]\n\n${describeFlags(FLAGS)}`)
    return 0
  }
  if (positionals[0] !== undefined) {
    throw new CommandError(`collect takes no argument, but got "${positionals[0]}"`)
  }
  if (switches.has('schema')) {
    io.writeOut(targetsFileSchema())
    return 0
  }
  const settings = await readSettings({
    file: text['config'] ?? io.env['KUBEPROF_CONFIG'] ?? null,
    env: io.env,
    flags: settingFlags(text),
  })
  const { check } = text
  if (check !== undefined) {
    return await checkTargetsFile(check, settings, { io, isReached: switches.has('reach') })
  }
  if (switches.has('reach')) throw new CommandError('--reach goes with --check FILE')
  const logger = makeLogger(settings.log, io.isTerminal)
  const closers = makeClosers()
  try {
    await openCollectorAlone(settings, { logger, closers, env: io.env })
  } catch (error) {
    await closers.closeAll().catch(() => undefined)
    throw explainStartError(error, settings.server)
  }
  io.writeOut(`kubeprof is collecting into ${settings.store.directory}\n`)
  return await closeOnSignal(closers)
}

function settingFlags(text: Readonly<Record<string, string>>): Record<string, string> {
  const { targets, data } = text
  return {
    ...(targets === undefined ? {} : { 'collect.targetsFile': targets }),
    ...(data === undefined ? {} : { 'store.directory': data }),
  }
}
