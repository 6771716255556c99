import { AppError } from '../api/errors.ts'
import { type CaptureFileKind, captureFileOf, type LogText } from '../diagnosis/index.ts'
import { type Inflaters, inflateProfile, readProfileWith, type ReadOptions } from '../gzip/index.ts'
import { type Profile, ProfileFormatError } from '../profile/index.ts'

/** A file of a capture, wherever it is kept. Its name defines its kind; it may be gzip. */
export interface CaptureFile {
  readonly name: string
  /** Called at most once. */
  readonly read: () => Uint8Array | Promise<Uint8Array>
}

/** A capture, read: the profiles of one process and what was taken with them. */
export interface CaptureContents {
  /** In the order of the files. */
  readonly profiles: readonly NamedProfile[]
  readonly metrics: string | null
  readonly metricsBefore: string | null
  readonly logs: readonly LogText[]
  /** Of `version.json`, as /version of an API server answers. */
  readonly kubernetesVersion: string | null
  /** Of `version.json`, as /version of etcd answers. */
  readonly etcdVersion: string | null
  /** The /flagz page. */
  readonly flags: string | null
  /** Files that cannot be read. The others are there. */
  readonly faults: readonly CaptureFault[]
}

export interface NamedProfile {
  readonly name: string
  readonly profile: Profile
}

export interface CaptureFault {
  readonly name: string
  /** A ProfileFormatError, or what reading the file threw. */
  readonly error: Error
}

export interface CaptureReadOptions extends ReadOptions {
  /** How long a text may be once inflated. */
  readonly textBytesMax?: number
  /** For files whose name does not show it. */
  readonly kindOf?: (name: string) => CaptureFileKind
}

const TEXT_BYTES_MAX = 256 * 1024 * 1024
const KINDS_READ: readonly CaptureFileKind[] = [
  'profile',
  'metrics',
  'metrics-before',
  'version',
  'flags',
  'log',
]

/** Reads what of a capture can be judged. Of several pages of metrics the first counts. */
export async function readCaptureWith(
  inflaters: Inflaters,
  files: readonly CaptureFile[],
  options: CaptureReadOptions = {},
): Promise<CaptureContents> {
  const { kindOf = (name) => captureFileOf(name).kind } = options
  const profiles: NamedProfile[] = []
  const faults: CaptureFault[] = []
  const texts: { readonly kind: CaptureFileKind; readonly name: string; readonly text: string }[] =
    []
  for (const { name, read } of files) {
    const kind = kindOf(name)
    if (!KINDS_READ.includes(kind)) continue
    try {
      const bytes = await read()
      if (kind === 'profile')
        profiles.push({ name, profile: readProfileWith(inflaters, bytes, options) })
      else texts.push({ kind, name, text: textOf(inflaters, bytes, options) })
    } catch (error) {
      if (!isReadError(error)) throw error
      faults.push({ name, error })
    }
  }
  const firstOf = (kind: CaptureFileKind) => texts.find((text) => text.kind === kind)?.text ?? null
  return {
    profiles,
    metrics: firstOf('metrics'),
    metricsBefore: firstOf('metrics-before'),
    logs: texts.filter(({ kind }) => kind === 'log'),
    kubernetesVersion: versionIn(firstOf('version'), 'gitVersion'),
    etcdVersion: versionIn(firstOf('version'), 'etcdserver'),
    flags: firstOf('flags'),
    faults,
  }
}

/** The same profile of an earlier capture: that of the same name, or the only one of two single profiles. */
export function previousOf(
  { name }: NamedProfile,
  { profiles: current }: CaptureContents,
  { profiles }: CaptureContents,
): Profile | null {
  const { plainName } = captureFileOf(name)
  const same = profiles.find((other) => captureFileOf(other.name).plainName === plainName)
  const isOnly = profiles.length === 1 && current.length === 1
  return (same ?? (isOnly ? profiles[0] : undefined))?.profile ?? null
}

function textOf(
  { gunzip }: Inflaters,
  bytes: Uint8Array,
  { textBytesMax = TEXT_BYTES_MAX }: CaptureReadOptions,
): string {
  const inflated = inflateProfile(bytes, gunzip, { inflatedBytesMax: textBytesMax })
  return new TextDecoder().decode(inflated.bytes)
}

/** Damaged bytes, or a file that is not there or not for us; anything else is ours, or the store's. */
function isReadError(error: unknown): error is Error {
  if (error instanceof ProfileFormatError) return true
  return error instanceof Error && 'code' in error && !(error instanceof AppError)
}

function versionIn(text: string | null, key: 'gitVersion' | 'etcdserver'): string | null {
  try {
    const answer: unknown = JSON.parse(text ?? 'null')
    if (typeof answer !== 'object' || answer === null) return null
    const version: unknown = Reflect.get(answer, key)
    return typeof version === 'string' ? version : null
  } catch {
    // The answer of /version is optional: a profile shows most of it.
    return null
  }
}
