import {
  AppError,
  type CompareQuery,
  checkSpan,
  formatSelector,
  isId,
  type MergeQuery,
  type ProfileType,
  spanOfQuery,
  type TrendQuery,
} from '../../api/index.ts'
import type { CaptureStore, ProfileFilter, ProfileStore, StoredProfile } from '../../store/index.ts'
import { PROFILES_TOGETHER_MAX } from '../ports/view-computer.ts'
import type { ServingSide } from './served-requests.ts'
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

interface ComparedRows {
  readonly profiles: Pick<ProfileStore, 'find' | 'list'>
  readonly captures: Pick<CaptureStore, 'find'>
}

/**
 * Finds the profiles of one side of a comparison: an id, or `TARGET+FROM+TO`. An unescaped plus in
 * a query is a space. Throws PROFILE_NOT_FOUND or REQUEST_INVALID.
 */
export async function findSide(
  { profiles, captures }: ComparedRows,
  name: 'a' | 'b',
  query: CompareQuery,
): Promise<ServingSide> {
  const { type, [name]: side } = query
  if (isId(side)) {
    const profile = await profiles.find(side)
    if (profile === null) throw await noProfile(captures, { name, id: side })
    checkType(profile, type)
    return { profiles: [profile], range: null }
  }
  const [to = '', from = '', ...target] = side.split(/[ +]+/).toReversed()
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)]
  const isRange = target.length > 0 && !Number.isNaN(fromMs) && !Number.isNaN(toMs)
  if (!isRange || type === undefined) {
    throw new AppError('REQUEST_INVALID', {
      message: isRange
        ? 'To compare time ranges of a target, set the type of the profiles: type=cpu.'
        : `"${side}" is neither the id of a profile nor TARGET+FROM+TO.`,
      details: { in: 'query parameter', name: isRange ? 'type' : name },
    })
  }
  checkSpan({ fromMs, toMs }, ['FROM', 'TO'])
  const of = target.toReversed().join(' ')
  const range = { target: of, type, fromMs, toMs, labels: [] }
  const found = await listRange(profiles, range)
  const q = formatSelector([{ name: 'target', operator: '=', value: of }])
  return { profiles: found.profiles, range: { q, type, from, to } }
}

/** The id may be that of a capture, which the page compares by a profile that both have. */
async function noProfile(
  captures: Pick<CaptureStore, 'find'>,
  { name, id }: { readonly name: string; readonly id: string },
): Promise<AppError> {
  const capture = await captures.find(id)
  if (capture === null) return new AppError('PROFILE_NOT_FOUND')
  const profiles = capture.parts.flatMap(({ kind, profileId }) =>
    profileId === null ? [] : [{ kind, id: profileId }],
  )
  const named = profiles.map((profile) => `${profile.kind} ${profile.id}`).join(', ')
  return new AppError('REQUEST_INVALID', {
    message:
      `\`${name}\` is the id of a capture, and the id of a profile is needed. ` +
      (profiles.length === 0
        ? 'The capture has no profile.'
        : `Those of the capture are: ${named}.`),
    details: { in: 'query parameter', name, profiles },
  })
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
