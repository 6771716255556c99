import { Value } from 'typebox/value'
import { CapturePart, Label } from '../../api/index.ts'
import type { CaptureFailure, UploadedCapture } from '../../store/index.ts'

/** What a bundle's `capture.json` tells of the capture; null where it says nothing, or something else. */
export interface BundleFacts extends Omit<
  UploadedCapture,
  'origin' | 'status' | 'dedupeKey' | 'files'
> {
  readonly status: UploadedCapture['status'] | null
}

const TEXT_CHARS_MAX = 1000
const ITEMS_MAX = 100

/** Reads `capture.json`, which anybody may have written: what is not as it should be is passed over. */
export function readBundleFacts(text: string | null): BundleFacts {
  const said = parse(text)
  const status = textOf(said, 'status')
  return {
    target: textOf(said, 'target'),
    component: textOf(said, 'component'),
    instance: textOf(said, 'instance'),
    cluster: textOf(said, 'cluster'),
    kubernetesVersion: textOf(said, 'kubernetesVersion'),
    goVersion: textOf(said, 'goVersion'),
    note: textOf(said, 'note') ?? notesOf(said),
    seconds: numberOf(said, 'seconds'),
    startedAtMs: timeOf(said, 'startedAt'),
    finishedAtMs: timeOf(said, 'finishedAt'),
    status: status === 'partial' || status === 'failed' || status === 'cancelled' ? status : null,
    error: errorOf(said),
    labels: uniqueLabels(listOf(said, 'labels')),
    parts: listOf(said, 'parts').flatMap((part) => untakenPart(part) ?? []),
  }
}

function parse(text: string | null): object {
  try {
    const said: unknown = JSON.parse(text ?? '{}')
    return typeof said === 'object' && said !== null ? said : {}
  } catch {
    // A capture without its description can be judged all the same.
    return {}
  }
}

function textOf(said: object, key: string): string | null {
  const value: unknown = Reflect.get(said, key)
  return typeof value === 'string' && value !== '' ? value.slice(0, TEXT_CHARS_MAX) : null
}

function numberOf(said: object, key: string): number | null {
  const value: unknown = Reflect.get(said, key)
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : null
}

function timeOf(said: object, key: string): number | null {
  const timeMs = Date.parse(textOf(said, key) ?? '')
  return Number.isNaN(timeMs) ? null : timeMs
}

function errorOf(said: object): CaptureFailure | null {
  const value: unknown = Reflect.get(said, 'error')
  if (typeof value !== 'object' || value === null) return null
  const [code, message] = [textOf(value, 'code'), textOf(value, 'message')]
  return code === null || message === null ? null : { code, message }
}

/** `kubeprof capture` writes several. */
function notesOf(said: object): string | null {
  const notes = listOf(said, 'notes').filter((note) => typeof note === 'string')
  return notes.length === 0 ? null : notes.join(' ').slice(0, TEXT_CHARS_MAX)
}

function listOf(said: object, key: string): readonly unknown[] {
  const value: unknown = Reflect.get(said, key)
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

/** What was taken is a file; of the rest the capture tells why it is not there. */
function untakenPart(said: unknown): CapturePart | null {
  if (typeof said !== 'object' || said === null) return null
  const part: unknown = { ...NO_PART, ...said, profileId: null, sizeBytes: null, durationMs: null }
  if (!Value.Check(CapturePart, part)) return null
  return part.state === 'failed' || part.state === 'skipped' ? part : null
}

const NO_PART = { fileName: null, error: null, note: null }
