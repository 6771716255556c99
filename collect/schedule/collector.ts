import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Store } from '../../store/index.ts'
import type { CollectOptions } from '../options.ts'
import type { CaptureReceiver } from '../receive/receive-capture.ts'
import type { ProfileReceiver } from '../receive/receive-profile.ts'
import { openCaptureRuns, type CaptureRuns } from './claim-captures.ts'
import type { Log } from '../log.ts'
import type { Tracer } from '../tracer.ts'
import type { CollectMetrics } from './collect-metrics.ts'
import { discoverTargets } from './discover-targets.ts'
import { nextSlotMs, slotGraceMs } from './next-slot.ts'
import { holdReach, type OpenReach, type ReachHolder } from './reach-holder.ts'
import { repeatTask, type RepeatedTask } from './repeat-task.ts'
import { restoreVerbosities } from './restore-verbosity.ts'
import { watchTargetsFile, type TargetsFileWatch } from './targets-file-watch.ts'
import { runTests } from './test-targets.ts'

const SLOTS_MAX = 200
const HOUSEKEEPING_MS = 5000
const RELOAD_ASKED_MS = 2000
const PRUNE_MAX = 500
const STALE_MS = 10 * 60_000
/** How late a collector may renew its leases. */
const LEASE_GRACE_MS = 2000
export const COST_WINDOW_MS = 3_600_000

export interface CollectorNeeds {
  readonly options: CollectOptions
  readonly store: Pick<Store, 'targets' | 'schedules' | 'processes' | 'captures' | 'clock'>
  readonly profiles: Pick<ProfileReceiver, 'receive'>
  readonly files: Pick<CaptureReceiver, 'receiveFile'>
  readonly openReach: OpenReach
  readonly metrics: CollectMetrics
  readonly log: Log
  readonly tracer?: Tracer
}

/**
 * Takes captures when they are due or requested. Any number of collectors may share one store: each claims work there,
 * and takes over the work of collectors that are gone.
 */
export interface Collector {
  /** Reads the targets file again. */
  reload(): Promise<void>
  /** Stops claiming, gives running captures a short time, then ends them with the parts taken so far. */
  close(): Promise<void>
}

/** Applies the targets file, if it is valid, and starts. */
export async function openCollector(needs: CollectorNeeds): Promise<Collector> {
  const { options } = needs
  const closing = new AbortController()
  const ending = new AbortController()
  const reach = holdReach(needs.openReach)
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`
  const runs = openCaptureRuns({
    ...needs,
    reach,
    owner,
    leaseMs: options.leaseMs,
    bytesMax: options.uploadBytesMax,
    capturesMax: options.capturesMax,
    clusterMax: options.capturesPerClusterMax,
    staleMs: STALE_MS,
    closing: closing.signal,
    signal: ending.signal,
  })
  const file = watchFile(needs, ({ clusters, contents }) =>
    reach.replace({ clusters, allow: contents.allow }),
  )
  await file?.check()
  const work: Work = { needs, reach, owner, runs, closing: closing.signal }
  const tasks = [...repeatWork(work), ...(file === null ? [] : repeatFile(needs, file))]
  return {
    async reload() {
      await file?.reload()
    },
    async close() {
      closing.abort()
      const timer = setTimeout(() => ending.abort(), options.stopMs)
      await Promise.all(tasks.map((task) => task.stop()))
      await runs.settled()
      clearTimeout(timer)
      reach.close()
    },
  }
}

interface Work {
  readonly needs: CollectorNeeds
  readonly reach: ReachHolder
  readonly owner: string
  readonly runs: CaptureRuns
  readonly closing: AbortSignal
}

function repeatWork({ needs, reach, owner, runs, closing }: Work): readonly RepeatedTask[] {
  const { options, store, metrics, log } = needs
  const tick = { everyMs: options.tickMs, log }
  const slotRules = {
    limit: SLOTS_MAX,
    nextSlotMs,
    graceMs: slotGraceMs,
    cost: { share: options.cpuShareMax, windowMs: COST_WINDOW_MS },
  }
  const align = () => store.schedules.alignSlots(slotRules)
  return [
    repeatTask('claim what is due', tick, async () => {
      for (let isAll = false; !isAll && !closing.aborted;) {
        const claimed = await store.schedules.claimDue(slotRules)
        for (const { reason } of claimed.skipped) metrics.countSkip(reason, 1)
        isAll = claimed.isAll
      }
      await runs.fill()
    }),
    repeatTask('discover', tick, async () => {
      const discovery = { store, reach, everyMs: options.discoverMs, log }
      if (await discoverTargets(discovery, closing)) await align()
    }),
    repeatTask('test targets', tick, () => runTests({ store, reach, log }, closing)),
    repeatTask('keep house', { everyMs: HOUSEKEEPING_MS, log }, async () => {
      await store.captures.expireLeases(store.clock.now() - LEASE_GRACE_MS)
      await align()
      await restoreVerbosities({ store, reach, owner, log })
      await store.processes.prune(PRUNE_MAX)
      metrics.setStates(await store.processes.countStates())
    }),
  ]
}

function repeatFile(
  { options, store, log }: CollectorNeeds,
  file: TargetsFileWatch,
): readonly RepeatedTask[] {
  let reloadSeenMs = Date.now()
  return [
    repeatTask('look at the targets file', { everyMs: options.targetsFilePollMs, log }, () =>
      file.check(),
    ),
    repeatTask('hear of reloads', { everyMs: RELOAD_ASKED_MS, log }, async () => {
      const askedMs = (await store.targets.fileState())?.reloadAskedAtMs ?? 0
      if (askedMs <= reloadSeenMs) return
      reloadSeenMs = askedMs
      await file.reload()
    }),
  ]
}

function watchFile(
  { options, store, metrics, log }: CollectorNeeds,
  onPlan: Parameters<typeof watchTargetsFile>[0]['onPlan'],
) {
  const { targetsFile: path, targetsFileBytesMax: bytesMax } = options
  if (path === '') return null
  const { intervalMsMin, cpuShareMax } = options
  const limits = { intervalMsMin, cpuShareMax }
  return watchTargetsFile({ path, bytesMax, limits, targets: store.targets, onPlan, metrics, log })
}
