import type {
  BlobKey,
  BlobStore,
  HistoryRows,
  Packed,
  PackingClaim,
  RolledUpDays,
  RollUpClaim,
} from '../../store/index.ts'
import type { HistoryOptions } from '../options.ts'
import { packingRules } from '../packing-rules.ts'
import { planRange } from '../plan.ts'
import type { HistoryStore } from '../history-store.ts'
import { expireTiers } from './expire-tiers.ts'
import type { PackingInput } from './pack-blocks.ts'
import type { RollUpInput } from './roll-up-days.ts'

/** The hours of so many days fit into the memory of a decoder at once. */
const ROLLED_UP_MAX = 4

export interface BlockHistoryNeeds {
  readonly rows: HistoryRows
  readonly blobs: Pick<BlobStore, 'delete'>
  readonly options: HistoryOptions
  /** `packBlocks`, wherever it runs. */
  readonly pack: (input: PackingInput) => Promise<Packed>
  /** `rollUpDays`, wherever it runs. */
  readonly rollUp: (input: RollUpInput) => Promise<RolledUpDays>
  readonly now: () => number
}

/** History in blocks beside the profiles. */
export function openBlockHistory(needs: BlockHistoryNeeds): HistoryStore {
  const { rows, options, now } = needs
  return {
    plan: (request) => planRange(rows, options, request),
    series: (space) => rows.series(space),
    append: (look) => rows.addMissing(look),
    async compact() {
      const claim = await rows.claimPacking({
        ...packingRules(options),
        dayEndedBeforeMs: now() - options.dayGraceMs,
      })
      if (claim === null) return rollUpDue(needs)
      await compactClaim(needs, claim)
      return true
    },
    expire: () => expireTiers(needs),
    rebuild: () => rows.rebuild(),
  }
}

async function compactClaim(needs: BlockHistoryNeeds, claim: PackingClaim): Promise<void> {
  const { rows, pack } = needs
  const { blocks, pending, skippedIds, isWholeDay } = claim
  await replaceBlocks(needs, claim, {
    make: () => pack({ blocks, pending, skippedIds, isWholeDay }),
    commit: (packed) => rows.commitPacking(claim, packed),
  })
}

/** Rolls up days of one month; false when nothing is due. */
async function rollUpDue(needs: BlockHistoryNeeds): Promise<boolean> {
  const { rows, rollUp, options } = needs
  const claim = await rows.claimRollUp(packingRules(options), ROLLED_UP_MAX)
  if (claim === null) return false
  const { days, hours, months } = claim
  await replaceBlocks(needs, claim, {
    make: () => rollUp({ days, hours, months }),
    commit: (rolledUp) => rows.commitRollUp(claim, rolledUp),
  })
  return true
}

/** New blobs come first, then the rows, then old blobs go. */
async function replaceBlocks<Made extends RolledUpDays>(
  { rows, blobs }: BlockHistoryNeeds,
  claim: PackingClaim | RollUpClaim,
  work: {
    readonly make: () => Promise<Made>
    readonly commit: (made: Made) => Promise<readonly BlobKey[] | null>
  },
): Promise<void> {
  let made: Made
  try {
    made = await work.make()
  } catch (error) {
    // Others of the group need not wait until the lease ends.
    await rows.releasePacking(claim)
    throw error
  }
  const old = await work.commit(made)
  const unused = old ?? made.blocks.map(({ blob }) => blob.key)
  for (const key of unused) await blobs.delete(key)
}
