import type { ProfileType } from '../../../api/index.ts'
import { inferProfileType, type Profile, withGoSampleTypes } from '../../../profile/index.ts'

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
  const type = inferProfileType(withGoSampleTypes(input.profile, statedType(input)))
  if (type === 'other') return input.type ?? 'unknown'
  if (type === 'contention') return contentionOf(input)
  const twin = TWINS[type]
  return twin !== undefined && twin === input.type ? twin : type
}

/** The type of a contention profile whose stacks do not show it, from its file name: `etcd_BlockProfile_load.pprof`. */
function contentionOf(input: TypedInput): ProfileType {
  const stated = statedType(input)
  if (stated === 'mutex' || stated === 'block') return stated
  return (['mutex', 'block'] as const).find((word) => fileOf(input).includes(word)) ?? 'unknown'
}

/** Pairs of types that differ only in their stacks, or not at all. */
const TWINS: Partial<Record<string, ProfileType>> = {
  mutex: 'block',
  block: 'mutex',
  heap: 'allocs',
  allocs: 'heap',
}

type KnownType = Exclude<ProfileType, 'unknown'>

/** A word of a file name may say it: `cpu.folded`, `etcd-heap.txt`. */
function statedType(input: TypedInput): KnownType | null {
  const { type } = input
  if (type && type !== 'unknown') return type
  const words = fileOf(input).split(/[^a-z]+/)
  return WORDS.find((word) => words.includes(word)) ?? null
}

function fileOf({ path }: TypedInput): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase()
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
