import {
  AppError,
  type CompareQuery,
  checkSpan,
  isId,
  type MergeQuery,
  type ProfileType,
  spanOfQuery,
  type TrendQuery,
} from '../../api/index.ts'
import type { ProfileFilter, ProfileStore, StoredProfile } from '../../store/index.ts'
import { PROFILES_TOGETHER_MAX } from '../ports/view-computer.ts'
import { labelsOf } from '../http/labels-of.ts'

/** The profiles of a view of several profiles. */
export interface FoundProfiles {
  readonly profiles: readonly StoredProfile[]
  /** True when there are more profiles; these are the newest. */
  readonly isCut: boolean
}

/** Finds the profiles of a target in a time range. Throws PROFILE_NOT_FOUND. */
export function findRange(
  profiles: Pick<ProfileStore, 'list'>,
  query: MergeQuery | TrendQuery,
): Promise<FoundProfiles> {
  const { target, type, instance } = query
  return listRange(profiles, {
    target,
    type,
    ...(instance === undefined ? {} : { instance }),
    ...spanOfQuery(query),
    labels: labelsOf(query),
  })
}

/**
 * Finds the profiles of one side of a comparison: an id, or `TARGET+FROM+TO`. An unescaped plus in
 * a query is a space. Throws PROFILE_NOT_FOUND or REQUEST_INVALID.
 */
export async function findSide(
  profiles: Pick<ProfileStore, 'find' | 'list'>,
  side: string,
  { type }: CompareQuery,
): Promise<readonly StoredProfile[]> {
  if (isId(side)) {
    const profile = await profiles.find(side)
    if (profile === null) throw new AppError('PROFILE_NOT_FOUND')
    checkType(profile, type)
    return [profile]
  }
  const [to = '', from = '', ...target] = side.split(/[ +]+/).toReversed()
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  const isRange = target.length > 0 && !Number.isNaN(fromMs) && !Number.isNaN(toMs)
  if (!isRange || type === undefined) {
    throw new AppError('REQUEST_INVALID', {
      message: isRange
        ? 'To compare time ranges of a target, set the type of the profiles: type=cpu.'
        : `"${side}" is neither the id of a profile nor TARGET+FROM+TO.`,
      details: { name: isRange ? 'type' : 'a, b' },
    })
  }
  checkSpan({ fromMs, toMs }, ['FROM', 'TO'])
  const range = { target: target.toReversed().join(' '), type, fromMs, toMs, labels: [] }
  return (await listRange(profiles, range)).profiles
}

/** Throws REQUEST_INVALID for a profile of another type than was asked for. */
function checkType(profile: StoredProfile, asked: CompareQuery['type']): void {
  const { id, type } = profile
  if (asked === undefined || type === null || type === asked) return
  throw new AppError('REQUEST_INVALID', {
    message: `The profile ${id} is of the type ${type}, and \`type\` is ${asked}: name a profile of that type, or leave \`type\` out.`,
    details: { in: 'query parameter', name: 'type' },
  })
}

interface Range extends ProfileFilter {
  readonly target: string
  readonly type: ProfileType
}

async function listRange(
  profiles: Pick<ProfileStore, 'list'>,
  range: Range,
): Promise<FoundProfiles> {
  const page = { limit: PROFILES_TOGETHER_MAX, cursor: null }
  const { items, nextCursor } = await profiles.list({ ...range, status: 'ready' }, page)
  if (items.length === 0) {
    throw new AppError('PROFILE_NOT_FOUND', {
      message: `There is no ${range.type} profile of ${range.target} in this time.`,
    })
  }
  return { profiles: items, isCut: nextCursor !== null }
}
