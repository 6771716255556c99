import type { ProcessAddress } from '../../store/index.ts'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CaptureOutcome, CaptureSink } from '../../collect/index.ts'
import { CommandError } from '../terminal/command-error.ts'

/** Profiles and metrics reveal what runs where, so only this user may read them. */
const FOLDER_MODE = 0o700
const FILE_MODE = 0o600

/** Makes the folder of a capture. Throws a CommandError where it may already hold another. */
export async function makeCaptureFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
    if ((await readdir(folder)).length === 0) return
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`cannot write to "${folder}": ${reason}`)
  }
  throw new CommandError(`"${folder}" is not empty: name a new folder, so that captures do not mix`)
}

/** Writes the parts of a capture as files. A file gets its final name once it is complete. */
export function folderSink(folder: string): CaptureSink {
  return {
    async write({ fileName }, body) {
      const file = join(folder, fileName)
      const unfinished = `${file}.part`
      try {
        await pipeline(Readable.from(body), createWriteStream(unfinished, { mode: FILE_MODE }))
      } catch (error) {
        await rm(unfinished, { force: true })
        throw error
      }
      await rename(unfinished, file)
      return { sizeBytes: (await stat(file)).size }
    },
  }
}

/** `capture.json`: the facts about the capture that its other files do not hold. */
export interface CaptureManifest {
  readonly version: 1
  readonly origin: 'command'
  readonly status: CaptureOutcome['status']
  readonly target: string | null
  readonly component: string | null
  readonly instance: string
  /** `https://127.0.0.1:10257`, where the process was reached on a separate port. */
  readonly address: string | null
  readonly cluster: string | null
  readonly kubernetesVersion: string | null
  readonly goVersion: string | null
  /** RFC 3339. */
  readonly startedAt: string
  readonly finishedAt: string
  readonly seconds: number | null
  readonly parts: readonly ManifestPart[]
  readonly error: ManifestError | null
  readonly notes: readonly string[]
}

interface ManifestPart {
  readonly kind: string
  readonly fileName: string
  readonly state: string
  readonly sizeBytes: number | null
  readonly durationMs: number | null
  readonly error: ManifestError | null
  readonly note: string | null
}

interface ManifestError {
  readonly code: string
  readonly message: string
}

export function captureManifest(
  {
    target,
    component,
    instance,
    cluster,
    route,
  }: Pick<ProcessAddress, 'target' | 'component' | 'instance' | 'cluster' | 'route'>,
  outcome: CaptureOutcome,
): CaptureManifest {
  const { status, kubernetesVersion, goVersion, seconds, notes } = outcome
  return {
    version: 1,
    origin: 'command',
    status,
    target,
    component,
    instance,
    cluster,
    address: addressOf(route),
    kubernetesVersion,
    goVersion,
    startedAt: new Date(outcome.startedAtMs).toISOString(),
    finishedAt: new Date(outcome.finishedAtMs).toISOString(),
    seconds,
    parts: outcome.parts.map(({ kind, fileName, state, sizeBytes, durationMs, error, note }) => ({
      kind,
      fileName,
      state,
      sizeBytes,
      durationMs,
      error: manifestError(error),
      note,
    })),
    error: manifestError(outcome.error),
    notes,
  }
}

/** What a forwarded port leads to is on loopback of the process. */
function addressOf(route: ProcessAddress['route']): string | null {
  if (route.via === 'direct') return route.origin
  return route.via === 'port-forward' ? `${route.scheme}://127.0.0.1:${route.port}` : null
}

export async function writeManifest(folder: string, manifest: CaptureManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`
  await writeFile(join(folder, 'capture.json'), text, { mode: FILE_MODE })
}

function manifestError(error: CaptureOutcome['error']): ManifestError | null {
  return error === null ? null : { code: error.code, message: error.message }
}
