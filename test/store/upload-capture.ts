import type { Store, UploadedCapture } from '../../store/index.ts'
import { NOTHING_DECLARED } from './new-profile.ts'

/** Adds a bundle of these profiles and a log, as an upload does. */
export async function uploadCapture(
  store: Store,
  profiles: readonly string[],
  change: Partial<UploadedCapture> = {},
) {
  const put = (text: string) => store.blobs.put(new TextEncoder().encode(text))
  const files = []
  for (const name of profiles) {
    const profile = { ...NOTHING_DECLARED, fileName: name }
    files.push({ name, kind: 'profile' as const, blob: await put(name), profile })
  }
  files.push({ name: 'a.log', kind: 'log' as const, blob: await put('log'), profile: null })
  return store.captures.addUploaded({
    origin: 'upload',
    target: null,
    component: null,
    instance: null,
    cluster: null,
    seconds: null,
    labels: [],
    note: null,
    dedupeKey: `${profiles.join(' ')} ${change.instance} ${change.startedAtMs}`,
    status: 'complete',
    startedAtMs: null,
    finishedAtMs: null,
    kubernetesVersion: null,
    goVersion: null,
    parts: [],
    error: null,
    files,
    ...change,
  })
}
