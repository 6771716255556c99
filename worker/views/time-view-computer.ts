import {
  AppError,
  type CompareQuery,
  type CompareReply,
  type MergeQuery,
  type MergeReply,
  type ProfileType,
  type TrendQuery,
  type TrendReply,
} from '../../api/index.ts'
import type { ProfileFilter, ProfileLabel, ProfileStore, StoredProfile } from '../../store/index.ts'
import type {
  ComparedSides,
  MergedProfiles,
  TrendOfProfiles,
} from '../decoder/compute-over-time.ts'
import type { DecoderPool } from '../pool/decoder-pool.ts'
import { DecoderDied } from '../pool/decoder-process.ts'
import { fromRefusal, type OverTimeTask, type TimedColumns } from '../pool/decoder-task.ts'
import { columnsOf, viewDied } from './pooled-view-computer.ts'

/** A decoder holds so many at once without running into its memory limit; see docs/benchmarks.md for their sizes. */
const PROFILES_MAX = 100

export interface TimeViewNeeds {
  readonly profiles: Pick<ProfileStore, 'find' | 'list'>
  readonly pool: Pick<DecoderPool, 'take'>
  readonly viewMsMax: number
}

/** Finds the profiles, and computes in the decoder processes what they show together. */
export function openTimeViewComputer(needs: TimeViewNeeds) {
  const merged = async (query: MergeQuery, labels: readonly ProfileLabel[]) => {
    const found = await profilesOf(needs, query, labels)
    const task = { kind: 'overTime', view: 'merge', profiles: found.columns, query } as const
    return { found, result: await run(needs, task) }
  }
  return {
    async compare(query: CompareQuery): Promise<CompareReply> {
      const a = await sideOf(needs, query.a, query)
      const b = await sideOf(needs, query.b, query)
      const sides = [a.columns, b.columns]
      const result = await run(needs, { kind: 'overTime', view: 'compare', sides, query })
      if (!isCompared(result)) throw new TypeError('the decoder sent no comparison')
      const { durationSeconds, ...compared } = result
      const [ofA = null, ofB = null] = durationSeconds
      return {
        a: { profileIds: idsOf(a), durationSeconds: ofA },
        b: { profileIds: idsOf(b), durationSeconds: ofB },
        ...compared,
      }
    },
    async merge(query: MergeQuery, labels: readonly ProfileLabel[]): Promise<MergeReply> {
      const { found, result } = await merged({ ...query, format: 'json' }, labels)
      if (!isMerged(result)) throw new TypeError('the decoder sent nothing merged')
      return { profileIds: idsOf(found), isCut: found.isCut, ...result }
    },
    async mergeFile(query: MergeQuery, labels: readonly ProfileLabel[]): Promise<Uint8Array> {
      const { result } = await merged({ ...query, format: 'pprof' }, labels)
      if (!(result instanceof Uint8Array)) throw new TypeError('the decoder sent no profile')
      return result
    },
    async trend(query: TrendQuery, labels: readonly ProfileLabel[]): Promise<TrendReply> {
      const { columns, profiles, isCut } = await profilesOf(needs, query, labels)
      const task = { kind: 'overTime', view: 'trend', profiles: columns, query } as const
      const result = await run(needs, task)
      if (!isTrend(result)) throw new TypeError('the decoder sent no trend')
      const points = profiles.map((profile, index) => ({
        profileId: profile.id,
        instance: profile.instance,
        at: new Date(timeOf(profile)).toISOString(),
        ...(result.points[index] ?? { value: null, total: null, hasRestarted: false }),
      }))
      return { ...result, isCut, points }
    },
  }
}

/** Profiles that are looked at together, in the order of their time. */
interface FoundProfiles {
  readonly profiles: readonly StoredProfile[]
  readonly columns: readonly TimedColumns[]
  /** There are more: these are the newest. */
  readonly isCut: boolean
}

function idsOf({ profiles }: FoundProfiles): string[] {
  return profiles.map(({ id }) => id)
}

interface Range {
  readonly target: string
  readonly type: ProfileType
  readonly instance?: string
  readonly from?: string
  readonly to?: string
}

async function profilesOf(
  { profiles }: TimeViewNeeds,
  { target, type, instance, from, to }: Range | MergeQuery | TrendQuery,
  labels: readonly ProfileLabel[],
): Promise<FoundProfiles> {
  const filter: ProfileFilter = {
    target,
    type,
    status: 'ready',
    ...(instance === undefined ? {} : { instance }),
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
    labels,
  }
  const { items, nextCursor } = await profiles.list(filter, { limit: PROFILES_MAX, cursor: null })
  if (items.length === 0) {
    throw new AppError('PROFILE_NOT_FOUND', {
      message: `There is no ${type} profile of ${target} in this time.`,
    })
  }
  return foundOf(items, nextCursor !== null)
}

function foundOf(items: readonly StoredProfile[], isCut: boolean): FoundProfiles {
  const profiles = items.toSorted((a, b) => timeOf(a) - timeOf(b))
  const columns = profiles.map((profile) => ({
    profileId: profile.id,
    columnsBlobKey: columnsOf(profile),
    process: JSON.stringify([profile.cluster, profile.instance]),
  }))
  return { profiles, columns, isCut }
}

function timeOf({ takenAtMs, receivedAtMs }: StoredProfile): number {
  return takenAtMs ?? receivedAtMs
}

const PROFILE_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/

/** `TARGET+FROM+TO`: a plus in a query is a space, unless it was escaped. */
async function sideOf(
  needs: TimeViewNeeds,
  side: string,
  { type }: CompareQuery,
): Promise<FoundProfiles> {
  if (PROFILE_ID.test(side)) {
    const profile = await needs.profiles.find(side)
    if (profile === null) throw new AppError('PROFILE_NOT_FOUND')
    return foundOf([profile], false)
  }
  const [to = '', from = '', ...target] = side.split(/[ +]+/).toReversed()
  const isRange = target.length > 0 && [from, to].every((time) => !Number.isNaN(Date.parse(time)))
  if (!isRange || type === undefined) {
    throw new AppError('REQUEST_INVALID', {
      message: isRange
        ? 'To compare times of a target, say which profiles: type=cpu.'
        : `"${side}" is neither the id of a profile nor TARGET+FROM+TO.`,
      details: { name: isRange ? 'type' : 'a, b' },
    })
  }
  return profilesOf(needs, { target: target.toReversed().join(' '), type, from, to }, [])
}

async function run({ pool, viewMsMax }: TimeViewNeeds, task: OverTimeTask): Promise<unknown> {
  const decoder = await pool.take(null)
  try {
    const reply = await decoder.run(task, { msMax: viewMsMax })
    if (reply.kind === 'refused') throw fromRefusal(reply.refusal)
    return reply.result
  } catch (error) {
    throw error instanceof DecoderDied ? viewDied(error) : error
  } finally {
    decoder.giveBack()
  }
}

/** The decoder process runs our own code; these only tell apart what could be mixed up. */
function isCompared(result: unknown): result is ComparedSides {
  return typeof result === 'object' && result !== null && 'rows' in result && 'per' in result
}

function isMerged(result: unknown): result is MergedProfiles {
  return typeof result === 'object' && result !== null && 'does' in result && 'top' in result
}

function isTrend(result: unknown): result is TrendOfProfiles {
  return typeof result === 'object' && result !== null && 'points' in result && 'per' in result
}
