import { AppError } from '../../api/errors.ts'
import {
  type CapturePart,
  type CaptureSummary,
  type Report,
  spanOfProfiles,
} from '../../api/index.ts'
import type { RuleSet } from '../../diagnosis/index.ts'
import {
  type CaptureContents,
  describeCaptureFile,
  describedProcess,
  judgeCapture,
  type DescribedProcess,
  NOT_DESCRIBED,
  processFacts,
  readCapture,
  requestsOfCapture,
  toAppError,
} from '../../judge/browser.ts'
import { ProfileFormatError } from '../../profile/index.ts'
import type { Language } from '../texts/language.ts'
import { judgeDecoded, type JudgedFile, type NamedBytes } from './judge-file.ts'

/** What counts requests, and how many there were a second. */
export interface ServedRequests {
  readonly metric: string
  readonly requestsPerSecond: number
}

/** The files of one process, read and judged together in this browser. */
export interface JudgedCapture {
  /** Its parts have no profile ids yet: `fileName` connects them with `profiles`. */
  readonly summary: Omit<CaptureSummary, 'id' | 'profileIds'>
  readonly profiles: readonly JudgedFile[]
  readonly reports: Readonly<Record<Language, Report>>
  /** What the process served while the capture was taken; null where its metrics do not say. */
  readonly requests: ServedRequests | null
}

/**
 * Judges the files of one process together, as the server judges an uploaded capture, and each profile by itself. Throws
 * an AppError BUNDLE_INVALID where neither a profile nor an execution trace is among them, CAPTURE_FAILED where no profile
 * of them can be read.
 */
export async function judgeFiles(
  files: readonly NamedBytes[],
  ruleSet: RuleSet,
): Promise<JudgedCapture> {
  // In the server's order, on which the order of equal findings depends.
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const described = sorted.map(({ name }) => describeCaptureFile(name))
  const hasProfiles = described.some(({ isProfile }) => isProfile)
  if (!hasProfiles && !described.some(({ kind }) => kind === 'trace')) {
    throw new AppError('BUNDLE_INVALID', { message: 'There is no profile among the files.' })
  }
  const contents = await readCapture(sorted.map(({ name, bytes }) => ({ name, read: () => bytes })))
  if (hasProfiles && contents.profiles.length === 0) throw nothingToJudge(contents)
  const description = sorted.find(({ name }) => name === DESCRIPTION)
  const process = description === undefined ? NOT_DESCRIBED : describedProcess(description.bytes)
  const { component, address, startedAt, target, instance, cluster } = process
  const judged = judgeCapture(contents, { component, address, earlier: [] }, ruleSet)
  const facts = processFacts(contents, judged.origins)
  const profiles = contents.profiles.map(({ name, profile }) => {
    const { bytes, nowMs } = fileNamed(sorted, name)
    const { type } = describeCaptureFile(name)
    const place = { ...process, fileName: name, sizeBytes: bytes.length, nowMs }
    return judgeDecoded(profile, { ...place, type }, ruleSet)
  })
  const takenAt = profiles.find(({ summary }) => summary.takenAt !== null)?.summary.takenAt ?? null
  return {
    summary: {
      ...NO_CAPTURE,
      labels: [],
      ...facts,
      target,
      instance,
      cluster,
      component: component ?? facts.component,
      createdAt: new Date(sorted[0]?.nowMs ?? 0).toISOString(),
      startedAt: startedAt ?? takenAt,
      seconds: secondsOf(profiles),
      parts: sorted
        .filter(({ name }) => name !== DESCRIPTION)
        .map((file) => partOf(file, contents)),
      worstFinding: judged.worstFinding,
      findingCount: judged.findingCount,
    },
    profiles,
    reports: judged.reports,
    requests: requestsDuring(contents, tookMsOf(process, profiles), component ?? facts.component),
  }
}

/** A capture that took longer was described by hand, or waited for a process that did not answer. */
const CAPTURE_MS_MAX = 15 * 60 * 1000

/** As the server has it: by the end that is described, else by the profiles. */
function tookMsOf(
  { startedAt, finishedAt }: DescribedProcess,
  profiles: readonly JudgedFile[],
): number {
  if (finishedAt !== null) return Date.parse(finishedAt) - Date.parse(startedAt ?? '')
  const times = profiles.map(({ summary: { takenAt, durationSeconds } }) => ({
    takenAtMs: takenAt === null ? null : Date.parse(takenAt),
    durationSeconds,
  }))
  return spanOfProfiles(times)?.tookMs ?? Number.NaN
}

function requestsDuring(
  contents: CaptureContents,
  tookMs: number,
  component: string | null,
): ServedRequests | null {
  const counted = requestsOfCapture(contents, component)
  if (counted === null || counted.countBefore === null) return null
  const served = counted.count - counted.countBefore
  if (served < 0 || !(tookMs > 0 && tookMs <= CAPTURE_MS_MAX)) return null
  return { metric: counted.metric, requestsPerSecond: (served * 1000) / tookMs }
}

const DESCRIPTION = 'capture.json'

const NO_CAPTURE = {
  status: 'complete',
  origin: 'upload',
  schedule: null,
  finishedAt: null,
  error: null,
  reportStatus: 'ready',
  note: null,
  previousCaptureId: null,
  pinnedAt: null,
} as const

function nothingToJudge({ faults: [fault] }: CaptureContents): AppError {
  const reason = fault === undefined ? '' : ` ${fault.name}: ${fault.error.message}`
  return new AppError('CAPTURE_FAILED', { message: `None of the profiles can be read.${reason}` })
}

function fileNamed(files: readonly NamedBytes[], name: string): NamedBytes {
  const file = files.find((other) => other.name === name)
  if (file === undefined) throw new Error(`there is no file ${name}`)
  return file
}

/** Whole ones, as those that a server is asked for. */
function secondsOf(profiles: readonly JudgedFile[]): number | null {
  const seconds = profiles.find(({ summary }) => summary.type === 'cpu')?.summary.durationSeconds
  return seconds == null ? null : Math.round(seconds)
}

function partOf({ name, bytes }: NamedBytes, { faults }: CaptureContents): CapturePart {
  const error = faults.find((fault) => fault.name === name)?.error
  return {
    kind: describeCaptureFile(name).kind,
    state: error === undefined ? 'taken' : 'failed',
    profileId: null,
    fileName: name,
    sizeBytes: bytes.length,
    durationMs: null,
    error: error === undefined ? null : describe(error),
    note: null,
  }
}

function describe(error: Error): { readonly code: string; readonly message: string } {
  if (!(error instanceof ProfileFormatError)) return { code: '', message: error.message }
  const { code, message } = toAppError(error)
  return { code, message }
}
