import { PROFILE_KINDS } from '../profiles/profile-kinds.ts'

type Kind = (typeof PROFILE_KINDS)[number]

/**
 * What a profile of a type takes of which none is stored: its file, what its analysis read, and history. Sizes of files
 * of control planes under load as `kubeprof history stats` has them, rounded up for history; threadcreate is a guess.
 */
const USUAL_BYTES: Readonly<Record<Kind, number>> = {
  cpu: 130_000,
  heap: 45_000,
  allocs: 35_000,
  goroutine: 20_000,
  block: 20_000,
  mutex: 8000,
  threadcreate: 2000,
}

/** What a profile of a type takes in one form. */
export interface SizeInForm {
  readonly type: string
  readonly bytesPerProfile: number
}

/** What one profile of each of these types takes in all forms. Kinds of captures that are no profiles count nothing. */
export function estimateBytes(types: readonly string[], stored: readonly SizeInForm[]): number {
  const kinds = PROFILE_KINDS.filter((kind) => types.includes(kind))
  return kinds.reduce((sum, kind) => sum + bytesOfKind(kind, stored), 0)
}

function bytesOfKind(kind: Kind, stored: readonly SizeInForm[]): number {
  const forms = stored.filter(({ type }) => type === kind)
  if (forms.length === 0) return USUAL_BYTES[kind]
  return forms.reduce((sum, { bytesPerProfile }) => sum + bytesPerProfile, 0)
}
