import type { WorkerOptions } from '../options.ts'
import type { WorkerMetrics } from '../worker-metrics.ts'
import type { Log } from '../../collect/index.ts'
import type {
  AnalysisVersions,
  BlobKey,
  BlobStore,
  CrashRules,
  DeletionStop,
  RetentionRules,
  Store,
} from '../../store/index.ts'
import { openClockWatch } from './clock-watch.ts'
import { openDeletionLag } from './deletion-lag.ts'
import { openLookThrough } from './look-through.ts'
import { moveOrphans } from './clear-orphans.ts'

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS
/** Summing stored sizes is too slow for every sweep. */
const RETIRE_MS = 60 * SECOND_MS
const MEASURE_MS = 10 * 60 * SECOND_MS
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
/** The longest that one sweep deletes things of a kind in batches; the next continues. */
const DELETION_MS_MAX = 1000
const OWN_CLOCK = () => performance.now()
/** Files deleted at once: each waits for an answer of the store. */
const FILES_AT_ONCE = 8
/** So few at a time that other work waits for none of them; with the default interval 86,400 a day. */
const SCRUBBED_MAX = 5
/** What is normal is a matter of the four weeks before. */
const OBSERVED_MS = 36 * DAY_MS
/** Processes whose observations are looked through in one sweep. */
const SUBJECTS_MAX = 20
/** Blobs moved to the trash, and deleted from it, in one sweep. */
const BLOBS_MAX = 500

export interface SweepNeeds {
  readonly options: Pick<
    WorkerOptions,
    'leaseMs' | 'retentionDays' | 'retentionBytesMax' | 'columnsDays' | 'scrubDays' | 'trashDays'
  >
  readonly store: Pick<
    Store,
    | 'analyses'
    | 'captures'
    | 'judgements'
    | 'clock'
    | 'garbage'
    | 'integrity'
    | 'installation'
    | 'blobs'
  >
  readonly versions: AnalysisVersions
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly metrics: Omit<WorkerMetrics, 'text'>
  readonly now: () => number
  /** A clock that never steps; by default that of the process. */
  readonly monotonicMs?: () => number
}

/** Repairs what crashes and deletions left behind. Any number of processes may sweep at once. */
export interface Sweep {
  run(): Promise<void>
}

export function openSweep(needs: SweepNeeds): Sweep {
  const { log } = needs
  const repairs = { ...repairSteps(needs), ...lookSteps(needs) }
  const deletions = { ...retentionSteps(needs), ...clearingSteps(needs) }
  const findStop = openStopCheck(needs)

  async function run(steps: Steps): Promise<void> {
    for (const [step, work] of Object.entries(steps)) {
      // A failed step runs again at the next sweep, and does not stop the other steps.
      await work().catch((error: unknown) => log.warn({ err: error, step }, 'sweep step failed'))
    }
  }

  return {
    async run() {
      await run(repairs)
      const isStopped = await findStop().catch((error: unknown) => {
        log.warn({ err: error, step: 'checkInstallation' }, 'sweep step failed')
        return true
      })
      if (!isStopped) await run(deletions)
    },
  }
}

type Steps = Readonly<Record<string, () => Promise<unknown>>>

function repairSteps(needs: SweepNeeds): Steps {
  const { options, store, log, metrics, now, monotonicMs = OWN_CLOCK } = needs
  const { analyses, captures, judgements, clock, garbage, integrity, blobs } = store
  const watch = openClockWatch({
    now,
    monotonicMs,
    holdMs: 2 * options.leaseMs,
    onStep: (stepMs) => log.warn({ stepMs }, 'the clock stepped'),
  })
  let isHeld = false
  let clearedAtMs = Number.NEGATIVE_INFINITY
  let measuredAtMs = Number.NEGATIVE_INFINITY
  return {
    async pullBack() {
      const count = await clock.pullBack({ jobLeaseMs: options.leaseMs })
      if (count > 0) log.warn({ count }, 'the clock stepped back: times in the future were set')
    },
    async expireLeases() {
      isHeld = watch.look()
      if (isHeld) return
      const count = await analyses.expireLeases(now() - LEASE_GRACE_MS, LOSS_RULES)
      if (count > 0) log.warn({ count }, 'took analyses from workers that are gone')
      await judgements.expireLeases(now() - LEASE_GRACE_MS, LOSS_RULES)
    },
    async endCaptures() {
      if (isHeld) return
      const count = await captures.expireLeases(now() - LEASE_GRACE_MS)
      if (count > 0) log.warn({ count }, 'ended captures whose collectors are gone')
    },
    async scrub() {
      if (options.scrubDays === 0) return
      const beforeMs = now() - options.scrubDays * DAY_MS
      const keys = await integrity.claimUnchecked(beforeMs, SCRUBBED_MAX)
      for (const key of keys) await integrity.check(key)
      metrics.countScrubbed(keys.length)
    },
    async measureBlobs() {
      if (now() - measuredAtMs < MEASURE_MS) return
      measuredAtMs = now()
      for (const { kind, bytes } of await garbage.bytesByKind()) metrics.setBlobBytes(kind, bytes)
    },
    async removeLeftovers() {
      if (now() - clearedAtMs < HOUR_MS) return
      clearedAtMs = now()
      await blobs.removeLeftovers(now() - LEFTOVER_MS)
    },
  }
}

/** Looks for what may be anywhere among all rows. */
function lookSteps({
  store: { analyses, judgements, garbage },
  versions,
  now,
  monotonicMs = OWN_CLOCK,
}: SweepNeeds): Steps {
  const once = { everyMs: Number.POSITIVE_INFINITY, now, monotonicMs }
  const daily = { everyMs: DAY_MS, now, monotonicMs }
  return {
    analyseAgain: openLookThrough((look) => analyses.addForVersions(versions, look), once),
    judgeAgain: openLookThrough((look) => judgements.addForVersions(versions, look), once),
    markSuperseded: openLookThrough((look) => garbage.markSuperseded(look), daily),
  }
}

/** Deletes what is kept no longer, with its files. */
function retentionSteps({
  options,
  store,
  log,
  metrics,
  now,
  monotonicMs = OWN_CLOCK,
}: SweepNeeds): Steps {
  const { garbage, blobs } = store
  const lag = openDeletionLag(metrics, monotonicMs)
  let retiredAtMs = Number.NEGATIVE_INFINITY
  return {
    async retire() {
      const rules = retentionOf(options, now())
      if (rules === null || now() - retiredAtMs < RETIRE_MS) return
      const count = await lag('retire', async () => {
        const done = await inBatches(monotonicMs, () => garbage.retire(rules, ROWS_MAX))
        // Else the next sweep continues.
        if (done.isAll) retiredAtMs = now()
        return done
      })
      if (count > 0) log.info({ count }, 'deleted what is kept no longer')
    },
    async forgetColumns() {
      if (options.columnsDays === 0) return
      const beforeMs = now() - options.columnsDays * DAY_MS
      await lag('forgetColumns', () =>
        inBatches(monotonicMs, async () => {
          const keys = await garbage.forgetColumns(beforeMs, ROWS_MAX)
          await deleteFiles(blobs, keys)
          metrics.countRemoved('columns_forgotten', keys.length)
          return keys.length
        }),
      )
    },
    async deleteRows() {
      const count = await lag('deleteRows', () =>
        inBatches(monotonicMs, async () => {
          const keys = await garbage.deleteRows(ROWS_MAX)
          await deleteFiles(blobs, keys)
          metrics.countRemoved('row_deleted', keys.length)
          return keys.length
        }),
      )
      if (count > 0) log.info({ count }, 'deleted files of deleted profiles')
    },
  }
}

/** Deletes what nothing refers to. */
function clearingSteps({ store, options, log, metrics, now }: SweepNeeds): Steps {
  const { garbage, blobs } = store
  let searchedAtMs = Number.NEGATIVE_INFINITY
  let forgottenAtMs = Number.NEGATIVE_INFINITY
  let afterSubjectId = ''
  return {
    async forgetObserved() {
      if (now() - forgottenAtMs < HOUR_MS) return
      const beforeMs = now() - OBSERVED_MS
      const request = { afterSubjectId, beforeMs, limit: SUBJECTS_MAX }
      const { lastSubjectId, count } = await garbage.forgetObserved(request)
      // The next sweep continues behind the last.
      afterSubjectId = lastSubjectId ?? ''
      if (lastSubjectId === null) forgottenAtMs = now()
      if (count > 0) log.info({ count }, 'forgot what was normal and found long ago')
    },
    async searchOrphans() {
      if (now() - searchedAtMs < HOUR_MS) return
      searchedAtMs = now()
      const beforeMs = now() - ORPHAN_MS
      const moved = await moveOrphans({ store, beforeMs, nowMs: now(), limit: BLOBS_MAX })
      // The next sweep continues.
      if (!moved.isAll) searchedAtMs = Number.NEGATIVE_INFINITY
      metrics.countRemoved('orphan_moved', moved.count)
      if (moved.count > 0) log.warn(moved, 'moved files that no row refers to into the trash')
    },
    async emptyTrash() {
      const count = await blobs.emptyTrash(now() - options.trashDays * DAY_MS, BLOBS_MAX)
      metrics.countRemoved('trash_emptied', count)
      if (count > 0) log.warn({ count }, 'deleted files from the trash')
    },
  }
}

/** Runs batches until one is not full or the time is over. Returns the sum, and whether nothing is left. */
async function inBatches(
  monotonicMs: () => number,
  batch: () => Promise<number>,
): Promise<{ readonly count: number; readonly isAll: boolean }> {
  const endMs = monotonicMs() + DELETION_MS_MAX
  let count = 0
  for (;;) {
    const batchCount = await batch()
    count += batchCount
    const isAll = batchCount < ROWS_MAX
    if (isAll || monotonicMs() >= endMs) return { count, isAll }
  }
}

async function deleteFiles(
  blobs: Pick<BlobStore, 'delete'>,
  keys: readonly BlobKey[],
): Promise<void> {
  const waiting = keys.values()
  const lines = Array.from({ length: FILES_AT_ONCE }, async () => {
    for (const key of waiting) await blobs.delete(key)
  })
  await Promise.all(lines)
}

/** Returns whether nothing may be deleted, and logs why: at once, then each hour. */
function openStopCheck({ store, log, metrics, now }: SweepNeeds): () => Promise<boolean> {
  let logged: { readonly reason: DeletionStop['reason']; readonly atMs: number } | null = null
  return async () => {
    const stop = await store.installation.check()
    metrics.setDeletionStopped(stop !== null)
    if (stop === null) {
      if (logged !== null) log.info({ reason: logged.reason }, 'deletion goes on')
      logged = null
      return false
    }
    const { reason, text } = stop
    if (logged?.reason !== reason || now() - logged.atMs >= HOUR_MS) {
      log.warn({ reason, text }, 'deletion is stopped')
      logged = { reason, atMs: now() }
    }
    return true
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
