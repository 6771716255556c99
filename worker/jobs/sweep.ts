import type { WorkerOptions } from '../options.ts'
import type { Log } from '../../collect/index.ts'
import type { AnalysisVersions, CrashRules, RetentionRules, Store } from '../../store/index.ts'

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS
/** Summing stored sizes is too slow for every sweep. */
const RETIRE_MS = 60 * SECOND_MS
/** A worker may renew its lease a little late. */
const LEASE_GRACE_MS = 2 * SECOND_MS
const LEFTOVER_MS = HOUR_MS
/** An upload takes at most ten minutes, so an older blob without a row is an orphan. */
const ORPHAN_MS = 24 * HOUR_MS
/**
 * A worker may die for other reasons than the profile, so more crashes are allowed than for a
 * decoder. No backoff: the lease already waited.
 */
const LOSS_RULES: CrashRules = { backoffMs: [0], crashCountMax: 5 }
const ROWS_MAX = 100
const KEYS_MAX = 500

export interface SweepNeeds {
  readonly options: Pick<WorkerOptions, 'retentionDays' | 'retentionBytesMax'>
  readonly store: Pick<Store, 'analyses' | 'captures' | 'judgements' | 'garbage' | 'blobs'>
  readonly versions: AnalysisVersions
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly now: () => number
}

/** Repairs what crashes and deletions left behind. Any number of processes may sweep at once. */
export interface Sweep {
  run(): Promise<void>
}

export function openSweep({ options, store, versions, log, now }: SweepNeeds): Sweep {
  const { analyses, captures, judgements, garbage, blobs } = store
  let isUpToDate = false
  let searchedAtMs = Number.NEGATIVE_INFINITY
  let retiredAtMs = Number.NEGATIVE_INFINITY

  const steps: Readonly<Record<string, () => Promise<void>>> = {
    async expireLeases() {
      const count = await analyses.expireLeases(now() - LEASE_GRACE_MS, LOSS_RULES)
      if (count > 0) log.warn({ count }, 'took analyses from workers that are gone')
      await judgements.expireLeases(now() - LEASE_GRACE_MS, LOSS_RULES)
    },
    async endCaptures() {
      const count = await captures.expireLeases(now() - LEASE_GRACE_MS)
      if (count > 0) log.warn({ count }, 'ended captures whose collectors are gone')
    },
    async addForVersions() {
      if (isUpToDate) return
      const analysisCount = await analyses.addForVersions(versions, ROWS_MAX)
      const judgementCount = await judgements.addForVersions(versions, ROWS_MAX)
      isUpToDate = analysisCount < ROWS_MAX && judgementCount < ROWS_MAX
    },
    async retire() {
      const rules = retentionOf(options, now())
      if (rules === null || now() - retiredAtMs < RETIRE_MS) return
      const count = await garbage.retire(rules, ROWS_MAX)
      // The next sweep continues.
      if (count < ROWS_MAX) retiredAtMs = now()
      if (count > 0) log.info({ count }, 'deleted what is kept no longer')
    },
    async deleteRows() {
      for (const key of await garbage.deleteRows(ROWS_MAX)) await blobs.delete(key)
    },
    async searchOrphans() {
      if (now() - searchedAtMs < HOUR_MS) return
      searchedAtMs = now()
      await blobs.removeLeftovers(now() - LEFTOVER_MS)
      await deleteOrphans(store, now() - ORPHAN_MS)
    },
  }

  return {
    async run() {
      for (const [step, work] of Object.entries(steps)) {
        // A failed step runs again at the next sweep, and does not stop the other steps.
        await work().catch((error: unknown) => log.warn({ err: error, step }, 'sweep step failed'))
      }
    },
  }
}

function retentionOf(
  { retentionDays, retentionBytesMax }: SweepNeeds['options'],
  nowMs: number,
): RetentionRules | null {
  if (retentionDays === 0 && retentionBytesMax === 0) return null
  return {
    beforeMs: retentionDays === 0 ? null : nowMs - retentionDays * DAY_MS,
    bytesMax: retentionBytesMax === 0 ? null : retentionBytesMax,
  }
}

/** Blobs whose row was never written, or whose file outlived its row. */
async function deleteOrphans(
  { blobs, garbage }: Pick<Store, 'blobs' | 'garbage'>,
  beforeMs: number,
): Promise<void> {
  let keys: string[] = []
  const flush = async () => {
    for (const key of await garbage.unknownKeys(keys)) await blobs.delete(key)
    keys = []
  }
  for await (const key of blobs.keysPutBefore(beforeMs)) {
    keys.push(key)
    if (keys.length === KEYS_MAX) await flush()
  }
  await flush()
}
