import { createHash } from 'node:crypto'
import { DEFAULT_SPACE } from '../../api/index.ts'
import type { ProfileLabel, UploadedCapture, UploadedFile } from '../../store/index.ts'
import type { BundleFacts } from './bundle-facts.ts'

/** What the uploader states about a capture; it takes precedence over what the bundle states. */
export interface UploadSource extends Pick<
  UploadedCapture,
  'target' | 'component' | 'instance' | 'cluster' | 'note' | 'labels' | 'space'
> {
  readonly origin: 'upload' | 'command'
  readonly takenAtMs: number | null
}

/** Merges the facts of the upload and the bundle, the upload's first, and copies them to each profile. */
export function uploadedCapture(
  source: UploadSource,
  facts: BundleFacts,
  files: readonly UploadedFile[],
): UploadedCapture {
  const { origin, takenAtMs } = source
  const { space = DEFAULT_SPACE } = source
  const declared = {
    // Identities from before there were spaces stay what they are.
    ...(space === DEFAULT_SPACE ? {} : { space }),
    target: source.target ?? facts.target,
    component: source.component ?? facts.component,
    instance: source.instance ?? facts.instance,
    cluster: source.cluster ?? facts.cluster,
    labels: [...source.labels, ...facts.labels.filter(isNotIn(source.labels))],
  }
  const startedAtMs = takenAtMs ?? facts.startedAtMs
  const { kubernetesVersion, goVersion, seconds, error, parts } = facts
  const contents = files.map(({ name, blob }) => [name, blob.sha256]).sort(byName)
  const identity = [
    contents,
    { ...declared, labels: [...declared.labels].sort(byLabelName) },
    startedAtMs,
  ]
  return {
    ...declared,
    origin,
    startedAtMs,
    finishedAtMs: endOf(facts, takenAtMs),
    kubernetesVersion,
    goVersion,
    seconds,
    error,
    parts,
    note: source.note ?? facts.note,
    status: facts.status ?? 'complete',
    dedupeKey: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
    files: files.map((file) => ({
      ...file,
      profile: file.profile === null ? null : { ...file.profile, ...declared },
    })),
  }
}

/** Of a capture that the uploader dates, the bundle's end moves with its begin; alone it says nothing. */
function endOf(
  { startedAtMs, finishedAtMs }: BundleFacts,
  takenAtMs: number | null,
): number | null {
  if (takenAtMs === null || finishedAtMs === null) return finishedAtMs
  return startedAtMs === null ? null : takenAtMs + finishedAtMs - startedAtMs
}

function isNotIn(labels: readonly ProfileLabel[]): (label: ProfileLabel) => boolean {
  const names = new Set(labels.map(({ name }) => name))
  return ({ name }) => !names.has(name)
}

function byName([a = '']: readonly string[], [b = '']: readonly string[]): number {
  return a < b ? -1 : Number(a > b)
}

function byLabelName(a: ProfileLabel, b: ProfileLabel): number {
  return byName([a.name], [b.name])
}
