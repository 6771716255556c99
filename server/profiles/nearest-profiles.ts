import type {
  MatchedCapture,
  MatchedProfile,
  Nearest,
  SpaceStore,
  StoredProfile,
} from '../../store/index.ts'

type Stores = Pick<SpaceStore, 'captures' | 'profiles'>

/** What to compare a profile with: one of a capture with that of the capture before, or after. */
export async function nearestProfiles(
  stores: Stores,
  profile: StoredProfile,
): Promise<Nearest<MatchedProfile>> {
  const { id, captureId } = profile
  if (captureId === null) return stores.profiles.nearest(id)
  const capture = await stores.captures.find(captureId)
  const kind = capture?.parts.find(({ profileId }) => profileId === id)?.kind
  const { before, after } = await stores.captures.nearest(captureId, kind)
  const find = (near: MatchedCapture | null) => profileIn(stores, near, { kind, profile })
  return { before: await find(before), after: await find(after) }
}

interface Wanted {
  readonly kind: string | undefined
  readonly profile: StoredProfile
}

async function profileIn(
  { profiles }: Stores,
  near: MatchedCapture | null,
  { kind, profile }: Wanted,
): Promise<MatchedProfile | null> {
  const id = near?.capture.parts.find((part) => part.kind === kind)?.profileId
  const found = typeof id === 'string' ? await profiles.find(id) : null
  // Files of any name may be of any type.
  if (near === null || found === null || found.type !== profile.type) return null
  return { match: near.match, profile: found }
}
