import type { ProfileType } from '../../api/index.ts'
import { inferProfileType, type Profile, withGoSampleTypes } from '../../profile/index.ts'

/** What of an input says what it is of. */
interface TypedInput {
  readonly path: string
  readonly profile: Profile
  /** What someone says that it is of. */
  readonly type?: ProfileType | null
}

/** With sample types and units of Go's own profiles, its earlier ones as well. */
export function asGoWritesIt<
  T extends TypedInput & {
    readonly previous?: Profile | null
    readonly history?: readonly Profile[]
  },
>(input: T): T {
  const stated = statedType(input)
  const convert = (profile: Profile) => withGoSampleTypes(profile, stated)
  return {
    ...input,
    profile: convert(input.profile),
    previous: input.previous ? convert(input.previous) : null,
    history: (input.history ?? []).map(convert),
  }
}

/** What the profile says, as far as it does; then what someone or its file name says. */
export function profileTypeOf(input: TypedInput): ProfileType {
  const stated = statedType(input)
  const type = inferProfileType(withGoSampleTypes(input.profile, stated))
  if (type === 'other') return input.type ?? 'unknown'
  if (type === 'contention') return stated === 'mutex' || stated === 'block' ? stated : 'unknown'
  const twin = TWINS[type]
  return twin !== undefined && twin === input.type ? twin : type
}

/** Which the stacks alone tell apart, or nothing does. */
const TWINS: Partial<Record<string, ProfileType>> = {
  mutex: 'block',
  block: 'mutex',
  heap: 'allocs',
  allocs: 'heap',
}

type KnownType = Exclude<ProfileType, 'unknown'>

/** A file name may say it: `mutex.pb.gz`, `cpu.folded`. */
function statedType({ type, path }: TypedInput): KnownType | null {
  if (type && type !== 'unknown') return type
  const file = path.slice(path.lastIndexOf('/') + 1)
  return WORDS.find((word) => file.includes(word)) ?? null
}

const WORDS: readonly KnownType[] = [
  'mutex',
  'block',
  'goroutine',
  'threadcreate',
  'allocs',
  'heap',
  'cpu',
]
