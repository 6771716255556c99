import { setTimeout as sleep } from 'node:timers/promises'
import { CPU_SECONDS_MAX, openReach, planCapture, VERBOSITY_MAX } from '../../collect/index.ts'
import { captureAll, type CaptureRun, type RunNeeds } from './capture-all.ts'
import { CAPTURE_FLAGS, readEvery, readKinds, readWhole } from './capture-flags.ts'
import { captureTargets } from './capture-targets.ts'
import { checkTargets } from './check-targets.ts'
import { defineCommand } from '../terminal/define-command.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readFailOn, readLanguage } from '../diagnose/judgement-flags.ts'
import type { ParsedFlags } from '../terminal/parse-flags.ts'
import { readPushTarget } from '../push/push-capture.ts'

const USAGE = `usage: kubeprof capture [flags]                    the API server of your kubeconfig
       kubeprof capture --component kube-scheduler      another part of its control plane
       kubeprof capture --component kubelet --node N    a kubelet, through the API server
       kubeprof capture --pod NAMESPACE/NAME:PORT       a Go program in a pod
       kubeprof capture URL                             a process with profiles at URL/debug/pprof
       kubeprof capture --etcd --endpoints URLS --cacert F --cert F --key F
       kubeprof capture --containerd [SOCKET]

Takes profiles, metrics and the version of a running process with your own rights, writes them to a folder and
reports what is wrong. Ctrl-C stops it and keeps the parts taken so far.
Exits with 0, with 1 on findings (see --fail-on), 2 on wrong usage, 3 when something could not be taken.
`

const CPU_SECONDS = 30
/** Ctrl-C, and a shutdown. */
const END_SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Runs `kubeprof capture`. Returns the exit code. */
export const runCapture = defineCommand({
  name: 'capture',
  usage: USAGE,
  flags: CAPTURE_FLAGS,
  argumentsMax: Number.POSITIVE_INFINITY,
  run,
})

async function run(flags: ParsedFlags, io: CommandIo): Promise<number> {
  const run = await prepare(flags, io)
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(3)
    io.writeError(
      '\nstopping; the parts taken so far are kept. Press Ctrl-C again to exit at once\n',
    )
    stop.abort()
  }
  for (const signal of END_SIGNALS) process.on(signal, onSignal)
  const reach = openReach({
    clusters: run.targets.clusters,
    // A user of the command line may reach whatever this machine reaches.
    allow: null,
    env: io.env,
    isInteractive: io.isTerminal,
  })
  try {
    if (flags.switches.has('check')) {
      if (run.targets.address !== null) throw new CommandError('--check does not work with --pod')
      const plan = planCapture(flags.text['component'] ?? null, { ...run, verbosity: null })
      return await checkTargets(run.targets.targets, plan, { reach, signal: stop.signal, io })
    }
    return await repeat(run, { reach, signal: stop.signal, io })
  } finally {
    reach.close()
    for (const signal of END_SIGNALS) process.off(signal, onSignal)
  }
}

/** Finds every mistake on the command line before the first request. */
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
    exitCode = await captureAll(run, needs).catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error
      needs.io.writeError(`kubeprof capture: ${error.message}\n`)
      return error.exitCode
    })
    const restMs = Math.max(0, startMs + everyMs - performance.now())
    // The signal ends the wait, as it should.
    await sleep(restMs, null, { signal: needs.signal }).catch(() => {})
  }
  return exitCode
}
