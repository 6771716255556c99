import { ReportError } from '../../profile/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import {
  parsePprofFlags,
  type PprofFlags,
  reportChoice,
  type ReportChoice,
} from './flags/pprof-flags.ts'
import { reportSettings } from './flags/pprof-settings.ts'
import { readSources } from './sources/read-sources.ts'
import { setBinaryApart } from './flags/set-binary-apart.ts'
import { writeReportTo } from './reports/write-report.ts'

/** `kubeprof pprof`: pprof's reports, with pprof's flags. */
export async function runPprof(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = setBinaryApart(await parsePprofFlags(args))
  if (flags.switches.get('help') === true || flags.switches.get('h') === true) {
    const { PPROF_HELP } = await import('./flags/pprof-help.ts')
    io.writeOut(PPROF_HELP)
    return 0
  }
  if (flags.sources.length === 0) throw new CommandError('no profile source specified')
  const choice = reportChoice(flags)
  refuseContradictions(flags, choice)
  if (choice === null) return await runWithoutReport(flags, io)
  const settings = await reportSettings(flags, choice)
  try {
    const sources = await readSources(flags, io, { keepsIds: choice.name === 'raw' })
    if (sources === null) return 3
    const { profile, placeIds } = sources
    const path = flags.texts.get('output') || null
    const place = { path, isSeen: io.isTerminal, waitsForViewer: true }
    await writeReportTo(place, choice.name, { profile, settings: { ...settings, placeIds } }, io)
  } catch (error) {
    // A system error is about the file that -output names.
    const isExpected =
      error instanceof ReportError || (error instanceof Error && 'syscall' in error)
    throw isExpected ? new CommandError(error.message) : error
  }
  return 0
}

/** With `-http` a page in the browser, else a prompt. */
async function runWithoutReport(flags: PprofFlags, io: CommandIo): Promise<number> {
  if (flags.texts.has('http'))
    return await (await import('./page/open-web-page.ts')).openWebPage(flags, io)
  const { runShell } = await import('./shell/pprof-shell.ts')
  return await runShell(flags, io)
}

function refuseContradictions(
  { lists, switches, texts }: PprofFlags,
  choice: ReportChoice | null,
): void {
  const hasBase = lists.has('base') || lists.has('diff_base')
  if (lists.has('base') && lists.has('diff_base')) {
    throw new CommandError('-base and -diff_base flags cannot both be specified')
  }
  if (switches.get('normalize') === true && !hasBase) {
    throw new CommandError('must have base profile to normalize by')
  }
  if (switches.get('no_browser') === true && !texts.has('http')) {
    throw new CommandError('-no_browser only makes sense with -http')
  }
  if (choice !== null && texts.has('http')) {
    throw new CommandError('-http is not compatible with an output format on the command line')
  }
}
