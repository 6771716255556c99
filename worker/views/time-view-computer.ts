import type {
  CompareReply,
  MergeReply,
  TableOptions,
  TrendOptions,
  TrendReply,
} from '../../api/index.ts'
import { bytesOfProfile, type StoredProfile } from '../../store/index.ts'
import type { ComparedPer } from '../../profile/index.ts'
import type { TimedProfile } from '../pool/decoder-task.ts'
import { type DecoderNeeds, runInDecoder } from './run-in-decoder.ts'

interface CompareOptions extends TableOptions {
  readonly per: ComparedPer
}

type Profiles = readonly StoredProfile[]

/** Computes views of several profiles in the decoder processes, ordered by time. */
export function openTimeViewComputer(needs: DecoderNeeds) {
  return {
    async compare(
      a: Profiles,
      b: Profiles,
      options: CompareOptions,
    ): Promise<Omit<CompareReply, 'requests'>> {
      const [before, after] = [byTime(a), byTime(b)]
      const { durationSeconds, ...compared } = await runInDecoder(needs, {
        kind: 'compare',
        before: timedProfiles(before),
        after: timedProfiles(after),
        options,
        per: options.per,
      })
      return {
        a: { profileIds: idsOf(before), durationSeconds: durationSeconds.before },
        b: { profileIds: idsOf(after), durationSeconds: durationSeconds.after },
        ...compared,
      }
    },
    async merge(
      found: Profiles,
      options: TableOptions,
    ): Promise<Omit<MergeReply, 'isCut' | 'does'>> {
      const profiles = byTime(found)
      const task = { kind: 'merge', profiles: timedProfiles(profiles), options } as const
      return { profileIds: idsOf(profiles), ...(await runInDecoder(needs, task)) }
    },
    async mergeFile(found: Profiles, options: TableOptions): Promise<Uint8Array> {
      const profiles = timedProfiles(byTime(found))
      return runInDecoder(needs, { kind: 'mergeFile', profiles, options })
    },
    async trend(found: Profiles, options: TrendOptions): Promise<Omit<TrendReply, 'isCut'>> {
      const profiles = byTime(found)
      const task = { kind: 'trend', profiles: timedProfiles(profiles), options } as const
      const { points, ...described } = await runInDecoder(needs, task)
      return {
        ...described,
        points: profiles.map((profile, index) => ({
          profileId: profile.id,
          instance: profile.instance,
          at: new Date(timeOf(profile)).toISOString(),
          ...(points[index] ?? { value: null, total: null, hasRestarted: false }),
        })),
      }
    },
  }
}

function byTime(profiles: Profiles): Profiles {
  return profiles.toSorted((a, b) => timeOf(a) - timeOf(b))
}

function timeOf({ takenAtMs, receivedAtMs }: StoredProfile): number {
  return takenAtMs ?? receivedAtMs
}

function idsOf(profiles: Profiles): string[] {
  return profiles.map(({ id }) => id)
}

function timedProfiles(profiles: Profiles): readonly TimedProfile[] {
  return profiles.map((profile) => ({
    bytes: bytesOfProfile(profile),
    process: JSON.stringify([profile.cluster, profile.instance]),
  }))
}
