import type { Language, ProfileType, Report } from '../../api/index.ts'
import { diagnose } from '../../diagnosis/index.ts'
import {
  type CaptureContents,
  type CaptureFile,
  captureFacts,
  captureInputs,
  describeFault,
  loadRules,
} from '../../judge/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { type NamedCapture, readCapturePath } from './read-capture.ts'

export interface DiagnosePathsOptions {
  readonly language: Language
  readonly component: string | null
  /** The type of profiles whose format does not hold it. */
  readonly type: ProfileType | null
  /** Folders of rules in addition to the built-in ones. */
  readonly ruleDirectories: readonly string[]
  /** Earlier captures of the same process, in any order. */
  readonly previous: readonly string[]
}

export interface DiagnosedPaths {
  readonly report: Report
  /** Of the paths to judge, not of those to compare with. */
  readonly traces: readonly CaptureFile[]
  readonly badCount: number
  /** Logs that were searched, which may be the only input. */
  readonly logCount: number
}

/** Judges all profiles together. Files that cannot be read are reported on standard error; the others are judged. */
export async function diagnosePaths(
  paths: readonly string[],
  io: CommandIo,
  { language, component, type, ruleDirectories, previous }: DiagnosePathsOptions,
): Promise<DiagnosedPaths> {
  const captures = await readAll(paths, io)
  refuseSeveral(captures)
  const earlier = [...(await readAll(previous, io))].sort(compareTimes)
  const bad = [...captures, ...earlier].flatMap(({ faults }) => faults)
  for (const { name, error } of bad) {
    io.writeError(`kubeprof diagnose: ${name}: ${error.message}\n`)
  }
  const { ruleSet, faults } = await loadRules(undefined, ruleDirectories)
  for (const fault of faults) io.writeError(`kubeprof diagnose: ${describeFault(fault)}\n`)
  const inputs = captures.flatMap((capture) =>
    captureInputs(capture, { component: component ?? capture.component, type, earlier }),
  )
  const address = captures.find((capture) => capture.address !== null)?.address ?? null
  const facts = { ...captureFacts(captures, earlier), address }
  return {
    report: diagnose(inputs, ruleSet, { language, ...facts }),
    traces: captures.flatMap(({ traces }) => traces),
    badCount: bad.length,
    logCount: facts.logs?.length ?? 0,
  }
}

/** Metrics and versions are of one process: those of one capture say nothing of another. Throws a CommandError. */
function refuseSeveral(captures: readonly NamedCapture[]): void {
  const whole = captures.filter(({ path, metrics, component }) => {
    return path !== null && (metrics !== null || component !== null)
  })
  const names = [...new Set(whole.map(({ path }) => path))]
  if (names.length < 2) return
  throw new CommandError(
    `${names.join(', ')} are captures of their own, and diagnose judges one process: give one at a time, and earlier ones of the same process with --previous`,
  )
}

async function readAll(paths: readonly string[], io: CommandIo): Promise<readonly NamedCapture[]> {
  const captures: NamedCapture[] = []
  for (const path of paths) captures.push(...(await readCapturePath(path, io)))
  return captures
}

/** In the order they were taken; text dumps have no time and keep the order given. */
function compareTimes(a: CaptureContents, b: CaptureContents): number {
  const [timeA, timeB] = [a, b].map(({ profiles }) =>
    profiles.map(({ profile }) => profile.timeNs).find((timeNs) => timeNs > 0n),
  )
  if (timeA === undefined || timeB === undefined || timeA === timeB) return 0
  return timeA < timeB ? -1 : 1
}
