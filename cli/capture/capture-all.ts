import type { ProcessAddress, TargetSpec } from '../../store/index.ts'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../api/errors.ts'
import type { CaptureKind, Report } from '../../api/index.ts'
import { planCapture, type Reach } from '../../collect/index.ts'
import { ProfileFormatError, summariseTrace, type TraceSummary } from '../../profile/index.ts'
import type { CaptureTargets } from './capture-targets.ts'
import { levelToRestore } from './capture-verbosity.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { diagnosePaths } from '../diagnose/diagnose-paths.ts'
import { failsOn, readFailOn, readLanguage } from '../diagnose/judgement-flags.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { printReport } from '../diagnose/print-report.ts'
import { pushCapture, type PushTarget } from '../push/push-capture.ts'
import { type TakenCapture, takeToFolder } from './take-to-folder.ts'
import { cleanText } from '../terminal/terminal-text.ts'

/** What the command line asks for. */
export interface CaptureRun {
  readonly flags: ParsedFlags
  readonly targets: CaptureTargets
  readonly everyMs: number | null
  readonly seconds: number
  readonly kinds: readonly CaptureKind[] | null
  /** Null leaves the log level alone. */
  readonly verbosity: number | null
  /** Null where it is to be read from the static pod. */
  readonly verbosityAfter: number | null
  readonly push: PushTarget | null
}

export interface RunNeeds {
  readonly reach: Reach
  readonly signal: AbortSignal
  readonly io: CommandIo
}

interface JudgedCapture extends TakenCapture {
  readonly report: Report | null
  readonly trace: TraceSummary | null
}

/** Captures every process that is found, one after the other, and judges each. Returns the exit code. */
export async function captureAll(run: CaptureRun, needs: RunNeeds): Promise<number> {
  const { io, signal } = needs
  const { flags, targets } = run
  const found = await findAll(targets, needs)
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const first = found[0]?.address.component ?? 'process'
  const base = flags.text['output'] ?? `kubeprof-${first}-${time}`
  const judged: JudgedCapture[] = []
  let isPushed = true
  for (const { target, address } of found) {
    if (signal.aborted) break
    const folder = folderFor(base, { address, time, isOnly: found.length === 1, run })
    const taken = await takeToFolder(target, address, {
      ...needs,
      plan: planCapture(address.component, {
        ...run,
        verbosity: await planVerbosity(run, { target, address }, needs),
      }),
      folder,
      instance: flags.text['instance'] ?? null,
    })
    const report = taken.hasProfiles ? await judge(taken, run, io) : null
    const one: JudgedCapture = { ...taken, report, trace: await readTrace(taken) }
    await printOutcome(one, run, io)
    judged.push(one)
    if (!(await push(one, run, io))) isPushed = false
  }
  if (flags.switches.has('json'))
    io.writeOut(`${JSON.stringify({ version: 1, captures: judged.map(jsonOf) }, null, 1)}\n`)
  if (!isPushed || judged.length < found.length) return 3
  if (judged.some(({ manifest }) => manifest.status !== 'complete')) return 3
  const failOn = readFailOn(flags.text)
  return judged.some(({ report }) => report !== null && failsOn(report, failOn)) ? 1 : 0
}

async function planVerbosity(run: CaptureRun, found: CapturableProcess, needs: RunNeeds) {
  const { verbosity: level, verbosityAfter } = run
  if (level === null) return null
  return { level, restoreTo: await levelToRestore(verbosityAfter, found, needs) }
}

/** A pushed capture's folder is deleted, so repeated captures do not fill the disk. False when it was refused. */
async function push(
  { folder, hasProfiles }: TakenCapture,
  { push: target, everyMs }: CaptureRun,
  io: CommandIo,
): Promise<boolean> {
  if (target === null || !hasProfiles) return true
  const isPushed = await pushCapture(folder, target, io)
  if (isPushed && everyMs !== null) await rm(folder, { recursive: true, force: true })
  return isPushed
}

interface CapturableProcess {
  readonly target: TargetSpec
  readonly address: ProcessAddress
}

async function findAll(
  targets: CaptureTargets,
  { reach, io, signal }: RunNeeds,
): Promise<CapturableProcess[]> {
  const found: CapturableProcess[] = []
  for (const target of targets.targets) {
    if (targets.address !== null) {
      found.push({ target, address: targets.address })
      continue
    }
    try {
      const { processes, notes } = await reach.discoverProcesses(target, signal)
      for (const note of notes) io.writeError(`note: ${cleanText(note)}\n`)
      found.push(...processes.map((address) => ({ target, address })))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      throw new CommandError(cleanText(error.message), 3)
    }
  }
  if (found.length === 0) throw new CommandError('no such process was found', 3)
  return found
}

interface FolderNeeds {
  readonly address: ProcessAddress
  readonly time: string
  readonly isOnly: boolean
  readonly run: CaptureRun
}

function folderFor(base: string, { address, time, isOnly, run }: FolderNeeds): string {
  const instance = address.instance.replaceAll(/[^\w.-]+/g, '-')
  const parts = [...(run.everyMs === null ? [] : [time]), ...(isOnly ? [] : [instance])]
  return parts.length === 0 ? base : join(base, parts.join('-'))
}

async function judge(
  { folder, manifest }: TakenCapture,
  { flags }: CaptureRun,
  io: CommandIo,
): Promise<Report> {
  const { report } = await diagnosePaths([folder], io, {
    language: readLanguage(flags.text),
    component: manifest.component,
    type: null,
    previous: [],
    ruleDirectories: [],
  })
  return report
}

/** The summary of the captured execution trace; null where there is none or it cannot be read. */
async function readTrace({ folder, manifest }: TakenCapture): Promise<TraceSummary | null> {
  const part = manifest.parts.find(({ kind, state }) => kind === 'trace' && state === 'taken')
  if (part === undefined) return null
  try {
    return summariseTrace(await readFile(join(folder, part.fileName)))
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    return null
  }
}

async function printOutcome(
  { folder, manifest, report, trace }: JudgedCapture,
  { flags }: CaptureRun,
  io: CommandIo,
): Promise<void> {
  const { status, error, parts } = manifest
  if (error !== null && status === 'failed') {
    io.writeError(`kubeprof capture: ${cleanText(error.message)}\n`)
  }
  if (!flags.switches.has('json')) {
    if (report !== null) {
      io.writeOut('\n')
      printReport(report, io)
    }
    if (trace !== null)
      io.writeOut(`\n${(await import('../trace/trace-command.ts')).traceText(trace)}`)
    io.writeOut('\n')
  }
  if (parts.some(({ state }) => state === 'taken')) {
    const what = status === 'complete' ? 'the capture' : 'what was taken'
    io.writeError(
      `${what} is in ${folder}: look at it again with kubeprof diagnose, upload it with kubeprof push\n`,
    )
  }
}

function jsonOf({ folder, manifest, report, trace }: JudgedCapture) {
  return { folder, ...manifest, report, trace }
}
