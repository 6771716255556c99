import type { ProcessAddress, TargetSpec } from '../../store/index.ts'
import { AppError } from '../../api/errors.ts'
import {
  type CapturePlan,
  type CaptureOutcome,
  type Reach,
  takeCapture,
  verbosityFolder,
} from '../../collect/index.ts'
import {
  captureManifest,
  type CaptureManifest,
  folderSink,
  makeCaptureFolder,
  writeManifest,
} from './capture-folder.ts'
import { restoreStranded, stateFolder } from './capture-verbosity.ts'
import { printProgress } from './capture-progress.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { cleanText } from '../terminal/terminal-text.ts'

export interface TakeNeeds {
  readonly reach: Reach
  readonly plan: CapturePlan
  readonly folder: string
  /** The name of the process; null for the discovered one. */
  readonly instance: string | null
  readonly signal: AbortSignal
  readonly io: CommandIo
}

export interface TakenCapture {
  readonly folder: string
  readonly manifest: CaptureManifest
  /** Whether the folder holds anything that can be judged. */
  readonly hasProfiles: boolean
}

const NO_PROFILES: readonly string[] = [
  'metrics',
  'version',
  'healthz',
  'statusz',
  'flagz',
  'trace',
]

/** Takes a capture of one process into a folder, and prints the progress on standard error. */
export async function takeToFolder(
  target: TargetSpec,
  address: ProcessAddress,
  { reach, plan, folder, instance, signal, io }: TakeNeeds,
): Promise<TakenCapture> {
  await makeCaptureFolder(folder)
  const named = { ...address, instance: instance ?? address.instance }
  io.writeError(`${named.component ?? 'process'} ${cleanText(named.instance)}\n`)
  const outcome = await take(target, address, { reach, plan, folder, signal, io })
  for (const note of outcome.notes) io.writeError(`  note: ${cleanText(note)}\n`)
  const manifest = captureManifest(named, outcome)
  await writeManifest(folder, manifest)
  return {
    folder,
    manifest,
    hasProfiles: outcome.parts.some(
      ({ kind, state }) => state === 'taken' && !NO_PROFILES.includes(kind),
    ),
  }
}

async function take(
  target: TargetSpec,
  address: ProcessAddress,
  { reach, plan, folder, signal, io }: Omit<TakeNeeds, 'instance'>,
): Promise<CaptureOutcome> {
  const progress = printProgress(io)
  const startedAtMs = Date.now()
  try {
    await restoreStranded(target, address, { reach, io })
    const connection = await reach.openConnection(target, address)
    try {
      const sink = folderSink(folder)
      const records = verbosityFolder(stateFolder(io), address.key, { pid: process.pid })
      const onProgress = progress.print
      return await takeCapture(connection, plan, {
        sink,
        signal,
        onProgress,
        verbosityRecords: records,
      })
    } finally {
      connection.close()
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return untaken(error, startedAtMs)
  } finally {
    progress.close()
  }
}

/** The outcome where no connection could be opened. */
function untaken(error: AppError, startedAtMs: number): CaptureOutcome {
  return {
    status: 'failed',
    parts: [],
    startedAtMs,
    finishedAtMs: Date.now(),
    seconds: null,
    kubernetesVersion: null,
    goVersion: null,
    error,
    notes: [],
  }
}
