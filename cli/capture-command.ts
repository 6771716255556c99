import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../api/errors.ts'
import type { CaptureKind } from '../api/index.ts'
import {
  CPU_SECONDS_MAX,
  openReach,
  planCapture,
  type ProcessAddress,
  type Reach,
  type TargetSpec,
  VERBOSITY_MAX,
} from '../collect/index.ts'
import type { Report } from '../diagnosis/index.ts'
import { ProfileFormatError, summariseTrace, type TraceSummary } from '../profile/index.ts'
import { CAPTURE_FLAGS, readEvery, readKinds, readWhole } from './capture-flags.ts'
import { captureTargets, type CaptureTargets } from './capture-targets.ts'
import { levelToRestore } from './capture-verbosity.ts'
import { checkTargets } from './check-targets.ts'
import { CommandError } from './command-error.ts'
import type { CommandIo } from './command-io.ts'
import { diagnosePaths } from './diagnose-paths.ts'
import { failsOn, readFailOn, readLanguage } from './judgement-flags.ts'
import { describeFlags, type ParsedFlags, parseFlags } from './parse-flags.ts'
import { printReport } from './print-report.ts'
import { pushCapture, readPushTarget } from './push-capture.ts'
import { type TakenCapture, takeToFolder } from './take-to-folder.ts'
import { cleanText } from './terminal-text.ts'

const USAGE = `kubeprof capture [flags]                    the API server of your kubeconfig
kubeprof capture --component kube-scheduler      another part of its control plane
kubeprof capture --component kubelet --node N    a kubelet, through the API server
kubeprof capture --pod NAMESPACE/NAME:PORT       a Go program in a pod
kubeprof capture URL                             whatever shows profiles at URL/debug/pprof
kubeprof capture --etcd --endpoints URLS --cacert F --cert F --key F
kubeprof capture --containerd [SOCKET]

Takes profiles, metrics and the version of a running process with your own rights, writes them to a folder and says
what is wrong. Ctrl-C ends it and keeps what was taken.
Exits with 0, with 1 on findings (see --fail-on), 2 on wrong usage, 3 when something could not be taken.

`

const CPU_SECONDS = 30
/** As Ctrl-C and as a shutdown. */
const END_SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Runs `kubeprof capture`. Answers the exit code. */
export async function runCapture(args: readonly string[], io: CommandIo): Promise<number> {
  const flags = parseFlags(args, CAPTURE_FLAGS)
  if (flags.switches.has('help')) {
    io.writeOut(`${USAGE}${describeFlags(CAPTURE_FLAGS)}`)
    return 0
  }
  const run = await prepare(flags, io)
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(3)
    io.writeError('\nending; what was taken is kept. Once more to leave at once\n')
    stop.abort()
  }
  for (const signal of END_SIGNALS) process.on(signal, onSignal)
  const reach = openReach({
    clusters: run.targets.clusters,
    // Who sits at the command line may reach whatever this machine reaches.
    allow: null,
    env: io.env,
    isInteractive: io.isTerminal,
  })
  try {
    if (flags.switches.has('check')) {
      const plan = planCapture(flags.text['component'] ?? null, { ...run, verbosity: null })
      return await checkTargets(run.targets.targets, plan, { reach, signal: stop.signal, io })
    }
    return await repeat(run, { reach, signal: stop.signal, io })
  } finally {
    reach.close()
    for (const signal of END_SIGNALS) process.off(signal, onSignal)
  }
}

interface CaptureRun {
  readonly flags: ParsedFlags
  readonly targets: CaptureTargets
  readonly everyMs: number | null
  readonly seconds: number
  readonly kinds: readonly CaptureKind[] | null
  /** Null leaves the log level alone. */
  readonly verbosity: number | null
  /** Null where it is to be found out. */
  readonly verbosityAfter: number | null
  readonly push: Awaited<ReturnType<typeof readPushTarget>> | null
}

interface RunNeeds {
  readonly reach: Reach
  readonly signal: AbortSignal
  readonly io: CommandIo
}

/** Everything that can be wrong with the command line is found before anything is asked. */
async function prepare(flags: ParsedFlags, io: CommandIo): Promise<CaptureRun> {
  const { text } = flags
  readFailOn(text)
  readLanguage(text)
  return {
    flags,
    targets: await captureTargets(flags, io),
    everyMs: readEvery(text),
    seconds: readWhole(text, 'seconds', 1, CPU_SECONDS_MAX) ?? CPU_SECONDS,
    kinds: readKinds(text),
    verbosity: readWhole(text, 'verbosity', 0, VERBOSITY_MAX),
    verbosityAfter: readWhole(text, 'verbosity-after', 0, VERBOSITY_MAX),
    push: await readPushTarget(text, io),
  }
}

async function repeat(run: CaptureRun, needs: RunNeeds): Promise<number> {
  const { everyMs } = run
  if (everyMs === null) return await captureAll(run, needs)
  let exitCode = 0
  while (!needs.signal.aborted) {
    const startMs = performance.now()
    exitCode = await captureAll(run, needs)
    const restMs = Math.max(0, startMs + everyMs - performance.now())
    // The signal ends the waiting, which is as it should be.
    await sleep(restMs, null, { signal: needs.signal }).catch(() => {})
  }
  return exitCode
}

interface Judged extends TakenCapture {
  readonly report: Report | null
  readonly trace: TraceSummary | null
}

async function captureAll(run: CaptureRun, needs: RunNeeds): Promise<number> {
  const { io, signal } = needs
  const { flags, targets } = run
  const found = await findAll(targets, needs)
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const first = found[0]?.address.component ?? 'process'
  const base = flags.text['output'] ?? `kubeprof-${first}-${time}`
  const judged: Judged[] = []
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
    const one: Judged = { ...taken, report, trace: await readTrace(taken) }
    await tellEnd(one, run, io)
    judged.push(one)
    if (run.push !== null && taken.hasProfiles)
      isPushed = (await pushCapture(folder, run.push, io)) && isPushed
  }
  if (flags.switches.has('json'))
    io.writeOut(`${JSON.stringify({ version: 1, captures: judged.map(jsonOf) }, null, 1)}\n`)
  if (!isPushed || judged.length < found.length) return 3
  if (judged.some(({ manifest }) => manifest.status !== 'complete')) return 3
  const failOn = readFailOn(flags.text)
  return judged.some(({ report }) => report !== null && failsOn(report, failOn)) ? 1 : 0
}

async function planVerbosity(run: CaptureRun, found: FoundProcess, needs: RunNeeds) {
  const { verbosity: level, verbosityAfter } = run
  if (level === null) return null
  return { level, restoreTo: await levelToRestore(verbosityAfter, found, needs) }
}

interface FoundProcess {
  readonly target: TargetSpec
  readonly address: ProcessAddress
}

async function findAll(
  targets: CaptureTargets,
  { reach, io, signal }: RunNeeds,
): Promise<FoundProcess[]> {
  const found: FoundProcess[] = []
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
    previous: [],
    ruleDirectories: [],
  })
  return report
}

/** What an execution trace that was taken tells; null where there is none, or none that can be read. */
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

async function tellEnd(
  { folder, manifest, report, trace }: Judged,
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
    if (trace !== null) io.writeOut(`\n${(await import('./trace-command.ts')).traceText(trace)}`)
    io.writeOut('\n')
  }
  if (parts.some(({ state }) => state === 'taken')) {
    const what = status === 'complete' ? 'the capture' : 'what was taken'
    io.writeError(
      `${what} is in ${folder}: look at it again with kubeprof diagnose, upload it with kubeprof push\n`,
    )
  }
}

function jsonOf({ folder, manifest, report, trace }: Judged) {
  return { folder, ...manifest, report, trace }
}
