import type { Report } from '../../api/index.ts'
import { ProfileFormatError, summariseTrace } from '../../profile/index.ts'
import { type CaptureFile, inflateTrace } from '../../judge/index.ts'
import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { diagnosePaths } from './diagnose-paths.ts'
import { isSmallInput } from './is-small-input.ts'
import {
  failsOn,
  JUDGEMENT_FLAGS,
  readFailOn,
  readLanguage,
  readType,
  TYPE_FLAG,
} from './judgement-flags.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { printReport } from './print-report.ts'
import { ruleDirectories } from './rule-directories.ts'
import { cleanText } from '../terminal/terminal-text.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  json: { kind: 'switch', help: 'Print the report as JSON' },
  ...JUDGEMENT_FLAGS,
  component: {
    kind: 'text',
    valueName: 'NAME',
    help: 'The component, where the profiles do not show it',
  },
  type: TYPE_FLAG,
  previous: {
    kind: 'list',
    valueName: 'PATH',
    help: 'An earlier capture of the same process, to judge growth; several show what only grows',
  },
  rules: { kind: 'text', valueName: 'DIR', help: 'A folder of further rules' },
}

const EXIT_BAD_INPUT = 3
const TAKE_ONE = 'kubeprof capture takes profiles.'

const USAGE = `usage: kubeprof diagnose [flags] PATH...

Reports what is wrong in profiles of one process: files, capture folders, bundles of them (.tar.gz, .tar.zst), or - for
standard input. Folders of clusterloader2, kube-burner, must-gather and kubectl cluster-info dump are read as well. Beside
its profiles a capture may hold metrics.txt (and metrics-before.txt, from before the CPU profile), version.json and *.log,
each of them gzipped or not. An execution trace (trace.out) is summarized below the findings.
Exits with 0, with 1 on findings (see --fail-on), 2 on wrong usage, 3 on input that cannot be read.
`

/** Runs `kubeprof diagnose`. Returns the exit code. */
export const runDiagnose = defineCommand({
  name: 'diagnose',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  run,
})

async function run(
  { text, lists, switches, positionals }: ParsedFlags,
  io: CommandIo,
): Promise<number> {
  if (positionals.length === 0) throw new CommandError('name a profile, a capture folder, or -')
  const previous = lists.get('previous') ?? []
  if (isSmallInput([...positionals, ...previous])) io.expectShortRun?.()
  const failOn = readFailOn(text)
  const { report, traces, badCount, logCount } = await diagnosePaths(positionals, io, {
    language: readLanguage(text),
    component: text['component'] ?? null,
    type: readType(text),
    previous,
    ruleDirectories: ruleDirectories(text),
  })
  let isWhole = badCount === 0
  if (switches.has('json')) io.writeOut(`${JSON.stringify(report, null, 1)}\n`)
  else {
    if (report.inputs.length > 0) printReport(report, io)
    else if (logCount > 0) io.writeOut(logsAloneText(report, logCount))
    for (const trace of traces) isWhole = (await printTrace(trace, io)) && isWhole
  }
  if (!isWhole) return EXIT_BAD_INPUT
  return failsOn(report, failOn) ? 1 : 0
}

/** Without a profile nothing is judged: the only result is what the logs show. */
function logsAloneText({ notes }: Report, logCount: number): string {
  const found = notes.length === 0 ? 'No line in them is one that a rule knows.' : ''
  const lines = notes.map(({ text }) => `  - ${cleanText(text)}\n`).join('')
  return `There are no profiles, so only ${logCount} logs were searched. ${found}\n${lines}${TAKE_ONE}\n`
}

/** Prints the page that `kubeprof trace` prints. Returns whether the trace could be read. */
async function printTrace({ name, read }: CaptureFile, io: CommandIo): Promise<boolean> {
  try {
    const summary = summariseTrace(inflateTrace(await read()))
    const { traceText } = await import('../trace/trace-command.ts')
    io.writeOut(`\n${cleanText(name)}: ${traceText(summary)}`)
    return true
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    io.writeError(`kubeprof diagnose: ${cleanText(name)}: ${error.message}\n`)
    return false
  }
}
