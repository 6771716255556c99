import type { Store } from '../../store/index.ts'
import { openSweep, type SweepNeeds } from '../../worker/jobs/sweep.ts'
import { makeWorkerMetrics } from '../../worker/index.ts'

export const KEEPS_ALL = {
  leaseMs: 15_000,
  retentionDays: 0,
  retentionBytesMax: 0,
  columnsDays: 0,
  scrubDays: 0,
  trashDays: 7,
}

/** A sweep over this store on a clock that runs ahead; `logged` has all messages. */
export function openTestSweep(
  store: Store,
  laterMs: number,
  { options = KEEPS_ALL, ...changes }: Partial<SweepNeeds> = {},
) {
  const logged: string[] = []
  const log = (_: object, message: string) => void logged.push(message)
  const metrics = makeWorkerMetrics()
  const sweep = openSweep({
    options,
    store,
    versions: { decoder: '1', ruleSet: 'a' },
    log: { info: log, warn: log },
    metrics,
    now: () => Date.now() + laterMs,
    ...changes,
  })
  return { sweep, logged, metrics }
}

/** How many blobs are stored, and how many are in the trash. */
export async function countBlobs({ blobs }: Pick<Store, 'blobs'>) {
  const counts = { stored: 0, trashed: 0 }
  for await (const _ of blobs.keysPutBefore(Number.POSITIVE_INFINITY)) counts.stored += 1
  for await (const _ of blobs.keysInTrash()) counts.trashed += 1
  return counts
}
