import { closeOnSignal, makeClosers } from '../closers.ts'
import { defineCommand } from '../../terminal/define-command.ts'
import type { CommandIo } from '../../terminal/command-io.ts'
import { DATA_FLAGS, readServiceSettings } from '../service-flags.ts'
import { listenForHealth } from '../observe/listen-for-health.ts'
import { makeLogger } from '../observe/make-logger.ts'
import { reportStart } from '../observe/report-start.ts'
import { openService, type Service, type ServiceOptions } from '../open-service.ts'
import type { ParsedFlags } from '../../terminal/parse-flags.ts'
import { startWith } from '../start-error.ts'
import type { Settings } from '../../settings/settings.ts'
import { placeOf } from '../../settings/place-of.ts'

/** `kubeprof work`: analyses what servers over the same data directory have stored. */
export const runWork = defineCommand({
  name: 'work',
  flags: DATA_FLAGS,
  argumentsMax: 0,
  run,
})

async function run({ text }: ParsedFlags, io: CommandIo): Promise<number> {
  const settings = await readServiceSettings(text, io)
  const logger = makeLogger(settings.log, io.isTerminal)
  const closers = makeClosers()
  const { server } = settings
  const { readyChecks } = await startWith({ closers, server }, () =>
    start(settings, { logger, closers }),
  )
  const ended = closeOnSignal(closers)
  await reportStart('work', readyChecks, io)
  io.writeOut(`kubeprof is working on ${placeOf(settings)}\n`)
  return await ended
}

async function start(
  settings: Settings,
  { logger, closers }: Pick<ServiceOptions, 'logger' | 'closers'>,
): Promise<Service> {
  const service = await openService(settings, { logger, closers, serves: false, works: true })
  const { healthListen } = settings.worker
  if (healthListen !== '') {
    await listenForHealth(healthListen, { ...service, metrics: service.furtherMetrics }, closers)
  }
  return service
}
