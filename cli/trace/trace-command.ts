import { readFileSync } from 'node:fs'
import {
  formatCores,
  formatCount,
  formatDurationNs,
  formatSizeBytes,
  ProfileFormatError,
  type SpreadSummary,
  type Stretch,
  summariseTrace,
  type TraceSummary,
} from '../../profile/index.ts'
import { inflateTrace } from '../../judge/index.ts'
import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import { fileFault } from '../terminal/file-fault.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import type { FlagSpec, ParsedFlags } from '../terminal/parse-flags.ts'
import { cleanText } from '../terminal/terminal-text.ts'

const FLAGS: Readonly<Record<string, FlagSpec>> = {
  json: { kind: 'switch', help: 'Print the summary as JSON; times are in nanoseconds' },
}

const USAGE = `usage: kubeprof trace FILE

Summarizes an execution trace of Go 1.22 or newer: how long goroutines ran, could have run, were in system calls
and waited, for what; garbage collections; the longest waits for a processor and the longest system calls.
Exits with 0, 2 on wrong usage, 3 on a file that cannot be read.
`
const WAITS_SHOWN_MAX = 8
const STRETCHES_SHOWN_MAX = 5
const FUNCS_SHOWN_MAX = 4

/** Runs `kubeprof trace`. Returns the exit code. */
export const runTrace = defineCommand({
  name: 'trace',
  usage: USAGE,
  flags: FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  run,
})

async function run({ switches, positionals }: ParsedFlags, io: CommandIo): Promise<number> {
  const [file, more] = positionals
  if (file === undefined || more !== undefined) throw new CommandError('name one file: trace.out')
  try {
    const summary = summariseTrace(readTraceFile(file))
    io.writeOut(switches.has('json') ? `${JSON.stringify(summary, null, 1)}\n` : traceText(summary))
    return 0
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    throw new CommandError(`${file}: ${error.message}`, 3)
  }
}

/** Throws a CommandError or a ProfileFormatError. */
export function readTraceFile(file: string): Uint8Array {
  try {
    return inflateTrace(readFileSync(file))
  } catch (error) {
    if (error instanceof ProfileFormatError) throw error
    throw new CommandError(`"${file}" cannot be read: ${fileFault(error)}`, 3)
  }
}

/** The summary for a person. */
export function traceText(summary: TraceSummary): string {
  const { durationNs, states, gc, stops, scheduling, syscalls } = summary
  const procs = summary.procs === null ? '' : `, GOMAXPROCS ${summary.procs}`
  const cores = durationNs === 0 ? 0 : states.running / durationNs
  const heap = gc.heapBytesMax === null ? '' : `, heap up to ${formatSizeBytes(gc.heapBytesMax)}`
  const lines = [
    `Execution trace of Go ${summary.goVersion}, ${formatDurationNs(durationNs)}, ${formatCount(summary.eventCount)} events, ${formatCount(summary.goroutineCount)} goroutines${procs}`,
    ...inconsistencyText(summary),
    '',
    'Time of all goroutines',
    `  running            ${formatDurationNs(states.running).padStart(10)}  ${formatCores(cores)} cores`,
    `  able to run        ${formatDurationNs(states.runnable).padStart(10)}  waiting for a processor: ${spreadText(scheduling)}`,
    `  in system calls    ${formatDurationNs(states.syscall).padStart(10)}  ${spreadText(syscalls)}`,
    `  waiting            ${formatDurationNs(states.waiting).padStart(10)}`,
    ...summary.waits.slice(0, WAITS_SHOWN_MAX).map(({ reason, totalNs, count }) => {
      const what = reason === '' ? 'since before the trace' : cleanText(reason)
      return `    ${what.padEnd(26)} ${formatDurationNs(totalNs).padStart(10)}  ${formatCount(count)} times`
    }),
    '',
    `Garbage collection: ${gc.windows.length} in ${formatDurationNs(gc.totalNs)}, goroutines helped for ${formatDurationNs(gc.assistNs)}${heap}`,
    ...gc.windows
      .slice(0, STRETCHES_SHOWN_MAX)
      .map(
        ({ startNs, durationNs: each }) =>
          `  at ${formatDurationNs(startNs)} for ${formatDurationNs(each)}`,
      ),
    `Stops of all goroutines: ${stops.count} in ${formatDurationNs(stops.totalNs)}, the longest ${formatDurationNs(stops.maxNs)}`,
    ...longestText('Longest waits for a processor', scheduling.longest),
    ...longestText('Longest system calls', syscalls.longest),
  ]
  return `${lines.join('\n')}\n`
}

function inconsistencyText({ inconsistency }: TraceSummary): string[] {
  if (inconsistency === null) return []
  return [`The trace is inconsistent, and sums may be wrong: ${cleanText(inconsistency)}.`]
}

function spreadText({ count, p50Ns, p99Ns, maxNs }: SpreadSummary): string {
  if (count === 0) return 'never'
  return `${formatCount(count)} times, half within ${formatDurationNs(p50Ns)}, 99% within ${formatDurationNs(p99Ns)}, at most ${formatDurationNs(maxNs)}`
}

function longestText(title: string, longest: readonly Stretch[]): string[] {
  if (longest.length === 0) return []
  const shown = longest.slice(0, STRETCHES_SHOWN_MAX)
  return [
    '',
    title,
    ...shown.flatMap(({ goroutine, func, startNs, durationNs, stack }) => [
      `  ${formatDurationNs(durationNs).padStart(10)}  at ${formatDurationNs(startNs)}  goroutine ${goroutine} ${cleanText(func ?? '')}`,
      ...stack.slice(0, FUNCS_SHOWN_MAX).map((name) => `              ${cleanText(name)}`),
    ]),
  ]
}
