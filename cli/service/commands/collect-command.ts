import { checkTargetsFile, targetsFileSchema } from './check-targets-file.ts'
import { closeOnSignal, makeClosers } from '../closers.ts'
import { defineCommand } from '../../terminal/define-command.ts'
import { CommandError } from '../../terminal/command-error.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { DATA_FLAGS, readServiceSettings, TARGETS_FLAG } from '../service-flags.ts'
import { makeLogger } from '../observe/make-logger.ts'
import { reportStart } from '../observe/report-start.ts'
import { openCollectorAlone } from '../parts/open-collector.ts'
import type { FlagSpec, ParsedFlags } from '../../terminal/parse-flags.ts'
import { startWith } from '../start-error.ts'
import { placeOf } from '../../settings/place-of.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  ...TARGETS_FLAG,
  ...DATA_FLAGS,
  check: {
    kind: 'text',
    valueName: 'FILE',
    help: 'Only report what is wrong with a targets file; exits with 3 when something is',
  },
  reach: {
    kind: 'switch',
    help: 'With --check: also connect to every target, and report missing rights',
  },
  schema: { kind: 'switch', help: 'Only print the JSON schema of targets files, for editors' },
}

/** `kubeprof collect`: takes captures on schedule, on demand and on alert, beside servers over the same data directory. */
export const runCollect = defineCommand({
  name: 'collect',
  flags: FLAGS,
  argumentsMax: 0,
  run,
})

async function run({ text, switches }: ParsedFlags, io: CommandIo): Promise<number> {
  if (switches.has('schema')) {
    io.writeOut(targetsFileSchema())
    return 0
  }
  const settings = await readServiceSettings(text, io)
  const { check } = text
  if (check !== undefined) {
    return await checkTargetsFile(check, settings, { io, isReached: switches.has('reach') })
  }
  if (switches.has('reach')) throw new CommandError('--reach goes with --check FILE')
  const logger = makeLogger(settings.log, io.isTerminal)
  const closers = makeClosers()
  const { server } = settings
  const readyChecks = await startWith({ closers, server }, () =>
    openCollectorAlone(settings, { logger, closers, env: io.env }),
  )
  const ended = closeOnSignal(closers, settings.collect.stopMs)
  await reportStart('collect', readyChecks, io)
  io.writeOut(`kubeprof is collecting into ${placeOf(settings)}\n`)
  return await ended
}
