import type { NewProfile, ProfileSource, Store } from '../../store/index.ts'

export const NOTHING_DECLARED: ProfileSource = {
  target: null,
  component: null,
  instance: null,
  cluster: null,
  type: null,
  takenAtMs: null,
  fileName: null,
  labels: [],
}

/** Stores bytes as a profile of this source; the text is the content and, with it, the identity. */
export async function addProfile(
  store: Pick<Store, 'profiles' | 'blobs'>,
  text: string,
  source: Partial<ProfileSource> = {},
) {
  const blob = await store.blobs.put(new TextEncoder().encode(text))
  const added: NewProfile = {
    source: { ...NOTHING_DECLARED, ...source },
    dedupeKey: text,
    blob,
    receivedAtMs: Date.now(),
  }
  return store.profiles.add(added)
}
