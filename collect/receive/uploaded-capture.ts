import { createHash } from 'node:crypto'
import type { ProfileLabel, UploadedCapture, UploadedFile } from '../../store/index.ts'
import type { BundleFacts } from './bundle-facts.ts'

/** What whoever uploads a capture says of it; it stands before what the bundle says itself. */
export interface UploadSource extends Pick<
  UploadedCapture,
  'target' | 'component' | 'instance' | 'cluster' | 'note' | 'labels'
> {
  readonly origin: 'upload' | 'command'
  readonly takenAtMs: number | null
}

/** What the uploader says stands before what the bundle says; each profile is told it too. */
export function uploadedCapture(
  source: UploadSource,
  facts: BundleFacts,
  files: readonly UploadedFile[],
): UploadedCapture {
  const { origin, takenAtMs } = source
  const said = {
    target: source.target ?? facts.target,
    component: source.component ?? facts.component,
    instance: source.instance ?? facts.instance,
    cluster: source.cluster ?? facts.cluster,
    labels: [...source.labels, ...facts.labels.filter(isNotIn(source.labels))],
  }
  const startedAtMs = takenAtMs ?? facts.startedAtMs
  const { kubernetesVersion, goVersion, finishedAtMs, seconds, error, parts } = facts
  const contents = files.map(({ name, blob }) => [name, blob.sha256]).sort(byName)
  const identity = [contents, { ...said, labels: [...said.labels].sort(byLabelName) }, startedAtMs]
  return {
    ...said,
    origin,
    startedAtMs,
    finishedAtMs,
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
      profile: file.profile === null ? null : { ...file.profile, ...said },
    })),
  }
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
