import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import {
  CapturePart,
  CaptureStatus,
  CaptureSummary,
  isLabelName,
  isRecord,
  Label,
  LABEL_NAME_IN_WORDS,
  Time,
} from '../../api/index.ts'
import type { CaptureFailure, UploadedCapture } from '../../store/index.ts'

/** The facts in a bundle's `capture.json`; null where a field is absent or has another type. */
export interface BundleFacts extends Omit<
  UploadedCapture,
  'origin' | 'status' | 'dedupeKey' | 'files'
> {
  readonly status: UploadedCapture['status'] | null
  /** What is there and was not read: misspelt, or of another type. */
  readonly ignored: readonly IgnoredField[]
}

export interface IgnoredField {
  /** `labels.zone` */
  readonly name: string
  /** Why: `no text` */
  readonly what: string
}

const TEXT_CHARS_MAX = 1000
const ITEMS_MAX = 100
/** What `kubeprof capture` and the bundle of a capture have besides what is read. */
const OTHER_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(CaptureSummary.properties),
  'version',
  'address',
  'notes',
])

/** Reads `capture.json`, which is untrusted: invalid fields are left out and named. */
export function readBundleFacts(text: string | null): BundleFacts {
  const manifest = openManifest(text)
  const status = manifest.read('status', isOneOf(CaptureStatus), 'no state of a capture')
  return {
    target: manifest.text('target'),
    component: manifest.text('component'),
    instance: manifest.text('instance'),
    cluster: manifest.text('cluster'),
    kubernetesVersion: manifest.text('kubernetesVersion'),
    goVersion: manifest.text('goVersion'),
    note: manifest.text('note') ?? notesOf(manifest),
    seconds: manifest.read('seconds', isAmount, 'no number, or below 0'),
    ...timesOf(manifest),
    status: status === 'partial' || status === 'failed' || status === 'cancelled' ? status : null,
    error: errorOf(manifest),
    labels: labelsOf(manifest),
    parts: manifest.list('parts').flatMap((part, index) => {
      const read = readPart(part)
      if (read === null) manifest.ignore(`parts.${index}`, 'no part of a capture')
      // Parts that were taken are files; the capture says why the others are missing.
      return read?.state === 'failed' || read?.state === 'skipped' ? [read] : []
    }),
    ignored: manifest.ignored(),
  }
}

interface Manifest {
  /** The value of a field, or `null` where it is absent, `null` or, for the reason given, ignored. */
  read<Value>(
    name: string,
    isValid: (value: unknown) => value is Value,
    reason: string,
  ): Value | null
  text(name: string): string | null
  time(name: string): number | null
  list(name: string): readonly unknown[]
  ignore(name: string, what: string): void
  ignored(): readonly IgnoredField[]
}

function openManifest(text: string | null): Manifest {
  const { fields, fault } = parse(text)
  const ignored: IgnoredField[] = fault === null ? [] : [{ name: 'capture.json', what: fault }]
  const ignore = (name: string, what: string) => {
    if (ignored.length < ITEMS_MAX) ignored.push({ name: name.slice(0, 100), what })
  }
  for (const name of Object.keys(fields)) if (!OTHER_FIELDS.has(name)) ignore(name, 'not known')
  const manifest: Manifest = {
    read(name, isValid, reason) {
      const value: unknown = Reflect.get(fields, name)
      if (value === undefined || value === null || isValid(value)) return value ?? null
      ignore(name, reason)
      return null
    },
    text: (name) => manifest.read(name, isText, 'no text')?.slice(0, TEXT_CHARS_MAX) || null,
    time(name) {
      const time = manifest.read(name, isTime, 'no time in RFC 3339')
      return time === null ? null : Date.parse(time)
    },
    list(name) {
      const items = manifest.read(name, Array.isArray, 'no list') ?? []
      if (items.length > ITEMS_MAX)
        ignore(name, `more than ${ITEMS_MAX}, of which the first are read`)
      return items.slice(0, ITEMS_MAX)
    },
    ignore,
    ignored: () => ignored,
  }
  return manifest
}

function parse(text: string | null): { readonly fields: object; readonly fault: string | null } {
  try {
    const fields: unknown = JSON.parse(text ?? '{}')
    if (isRecord(fields)) return { fields, fault: null }
    return { fields: {}, fault: 'no JSON object' }
  } catch {
    // A capture without its description can still be judged.
    return { fields: {}, fault: 'no JSON' }
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Without a zone it would be read in that of the server. */
function isTime(value: unknown): value is string {
  return Value.Check(Time, value)
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value)
}

function isOneOf<Schema extends TSchema>(schema: Schema) {
  return (value: unknown): value is Static<Schema> => Value.Check(schema, value)
}

/** An end that is before the begin says nothing. */
function timesOf(manifest: Manifest): Pick<BundleFacts, 'startedAtMs' | 'finishedAtMs'> {
  const [startedAtMs, finishedAtMs] = [manifest.time('startedAt'), manifest.time('finishedAt')]
  if (startedAtMs === null || finishedAtMs === null || startedAtMs <= finishedAtMs) {
    return { startedAtMs, finishedAtMs }
  }
  manifest.ignore('finishedAt', 'before `startedAt`')
  return { startedAtMs, finishedAtMs: null }
}

function errorOf(manifest: Manifest): CaptureFailure | null {
  const error = manifest.read('error', isOneOf(Failure), 'no object with `code` and `message`')
  return error === null
    ? null
    : {
        code: error.code.slice(0, TEXT_CHARS_MAX),
        message: error.message.slice(0, TEXT_CHARS_MAX),
      }
}

const Failure = Type.Object({ code: Type.String(), message: Type.String() })

/** `kubeprof capture` writes several notes. */
function notesOf(manifest: Manifest): string | null {
  const notes = manifest.list('notes').filter((note) => typeof note === 'string')
  return notes.length === 0 ? null : notes.join(' ').slice(0, TEXT_CHARS_MAX)
}

/** `[{"name":"zone","value":"a"}]`, as kubeprof writes them, or `{"zone":"a"}`. A label without a value is none. */
function labelsOf(manifest: Manifest): readonly Label[] {
  const labels = new Map<string, Label>()
  for (const [place, item] of labelItems(manifest)) {
    if (!Value.Check(Label, item) || item.name === '') {
      manifest.ignore(`labels.${place}`, 'no name and text')
      continue
    }
    if (!isLabelName(item.name)) {
      manifest.ignore(`labels.${place}`, NO_LABEL_NAME)
      continue
    }
    const { name } = item
    const value = item.value.slice(0, TEXT_CHARS_MAX)
    if (value !== '') labels.set(name, { name, value })
  }
  return [...labels.values()]
}

/** No filter could name it. */
const NO_LABEL_NAME = `a name is ${LABEL_NAME_IN_WORDS}`

function labelItems(manifest: Manifest): readonly (readonly [string, unknown])[] {
  const labels = manifest.read('labels', isObject, 'neither a list nor an object')
  if (labels === null) return []
  if (Array.isArray(labels)) {
    return manifest.list('labels').map((item, index) => [String(index), item])
  }
  const entries = Object.entries(labels)
  if (entries.length > ITEMS_MAX) manifest.ignore('labels', `more than ${ITEMS_MAX}`)
  return entries.slice(0, ITEMS_MAX).map(([name, value]) => [name, { name, value }])
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function readPart(entry: unknown): CapturePart | null {
  if (!isRecord(entry)) return null
  const part: unknown = { ...NO_PART, ...entry, profileId: null, sizeBytes: null, durationMs: null }
  return Value.Check(CapturePart, part) ? part : null
}

const NO_PART = { state: 'taken', fileName: null, error: null, note: null }
