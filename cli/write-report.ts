import {
  addLabelFrames,
  openReport,
  type Profile,
  type ReportSettings,
  TEXT_REPORTS,
} from '../profile/index.ts'
import { CommandError } from './command-error.ts'
import type { CommandIo } from './command-io.ts'

/** Throws a ReportError, or a CommandError where there is no such report. */
export function writeReport(
  name: string,
  profile: Profile,
  settings: ReportSettings,
  io: Pick<CommandIo, 'writeOut' | 'writeError'>,
): void {
  const labelled = addLabelFrames(profile, {
    rootKeys: keysOf(settings.tagRoot),
    leafKeys: keysOf(settings.tagLeaf),
    unit: settings.unit,
  })
  const report = openReport(labelled, settings, (filter) =>
    io.writeError(`${filter} expression matched no samples\n`),
  )
  if (!isTextReport(name)) throw new CommandError(`-${name} is not there yet`)
  TEXT_REPORTS[name](report, io.writeOut)
}

function keysOf(text: string): string[] {
  return text.split(',').filter((key) => key !== '')
}

function isTextReport(name: string): name is keyof typeof TEXT_REPORTS {
  return Object.hasOwn(TEXT_REPORTS, name)
}
