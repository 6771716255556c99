import { Value } from 'typebox/value'
import { CapturePart, Label } from '../../api/index.ts'
import type { CaptureFailure, UploadedCapture } from '../../store/index.ts'

/** The facts in a bundle's `capture.json`; null where a field is absent or has another type. */
export interface BundleFacts extends Omit<
  UploadedCapture,
  'origin' | 'status' | 'dedupeKey' | 'files'
> {
  readonly status: UploadedCapture['status'] | null
}

const TEXT_CHARS_MAX = 1000
const ITEMS_MAX = 100

/** Reads `capture.json`, which is untrusted: invalid fields are skipped. */
export function readBundleFacts(text: string | null): BundleFacts {
  const manifest = parse(text)
  const status = textOf(manifest, 'status')
  return {
    target: textOf(manifest, 'target'),
    component: textOf(manifest, 'component'),
    instance: textOf(manifest, 'instance'),
    cluster: textOf(manifest, 'cluster'),
    kubernetesVersion: textOf(manifest, 'kubernetesVersion'),
    goVersion: textOf(manifest, 'goVersion'),
    note: textOf(manifest, 'note') ?? notesOf(manifest),
    seconds: numberOf(manifest, 'seconds'),
    startedAtMs: timeOf(manifest, 'startedAt'),
    finishedAtMs: timeOf(manifest, 'finishedAt'),
    status: status === 'partial' || status === 'failed' || status === 'cancelled' ? status : null,
    error: errorOf(manifest),
    labels: uniqueLabels(listOf(manifest, 'labels')),
    parts: listOf(manifest, 'parts').flatMap((part) => untakenPart(part) ?? []),
  }
}

function parse(text: string | null): object {
  try {
    const manifest: unknown = JSON.parse(text ?? '{}')
    return typeof manifest === 'object' && manifest !== null ? manifest : {}
  } catch {
    // A capture without its description can still be judged.
    return {}
  }
}

function textOf(manifest: object, key: string): string | null {
  const value: unknown = Reflect.get(manifest, key)
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_CHARS_MAX) : null
}

function numberOf(manifest: object, key: string): number | null {
  const value: unknown = Reflect.get(manifest, key)
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : null
}

function timeOf(manifest: object, key: string): number | null {
  const timeMs = Date.parse(textOf(manifest, key) ?? '')
  return Number.isNaN(timeMs) ? null : timeMs
}

function errorOf(manifest: object): CaptureFailure | null {
  const value: unknown = Reflect.get(manifest, 'error')
  if (typeof value !== 'object' || value === null) return null
  const [code, message] = [textOf(value, 'code'), textOf(value, 'message')]
  return code === null || message === null ? null : { code, message }
}

/** `kubeprof capture` writes several notes. */
function notesOf(manifest: object): string | null {
  const notes = listOf(manifest, 'notes').filter((note) => typeof note === 'string')
  return notes.length === 0 ? null : notes.join(' ').slice(0, TEXT_CHARS_MAX)
}

function listOf(manifest: object, key: string): readonly unknown[] {
  const value: unknown = Reflect.get(manifest, key)
  return Array.isArray(value) ? value.slice(0, ITEMS_MAX) : []
}

function uniqueLabels(items: readonly unknown[]): readonly Label[] {
  const labels = new Map<string, Label>()
  for (const item of items) {
    if (!Value.Check(Label, item)) continue
    const [name, value] = [item.name.slice(0, 100), item.value.slice(0, TEXT_CHARS_MAX)]
    if (name !== '') labels.set(name, { name, value })
  }
  return [...labels.values()]
}

/** Parts that were taken are files; the capture says why the others are missing. */
function untakenPart(entry: unknown): CapturePart | null {
  if (typeof entry !== 'object' || entry === null) return null
  const part: unknown = { ...NO_PART, ...entry, profileId: null, sizeBytes: null, durationMs: null }
  if (!Value.Check(CapturePart, part)) return null
  return part.state === 'failed' || part.state === 'skipped' ? part : null
}

const NO_PART = { fileName: null, error: null, note: null }
