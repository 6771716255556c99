import type { BlockMember, Profile } from '../../profile/index.ts'
import { addRun, isSafe, runsOf } from './counted-values.ts'
import type { NumberedShape } from './load-numbered.ts'
import { MARK_LEAF } from './marks.ts'
import { NativeColumns } from './native-columns.ts'
import type { LineId } from './questions.ts'
import { spanOf, wideValue } from './stack-sums.ts'
import type { SumNeeds } from './summed-blocks.ts'

/** What of profiles is asked for. */
export interface CountedLeaves {
  readonly shape: NumberedShape
  readonly members: readonly BlockMember[]
  /** Of stacks of one frame, 1 where it counts. */
  readonly ofLeaves: (profile: Profile) => Uint8Array
  /** Index of the sample type. */
  readonly column: number
  /** What `findLeaves` has found for a time that these profiles are in. */
  readonly leaves: Uint32Array
}

/**
 * What profiles in ClickHouse have of stacks with some last frames, by number, as `countedValues`. The roll-up by last frames
 * has a tenth of the rows, and nothing needs to be known of the stacks. Null where it takes the stacks to say: nothing
 * counts, or profiles are not in the roll-up.
 */
export async function leafValues(
  needs: SumNeeds,
  counted: CountedLeaves,
): Promise<ReadonlyMap<number, bigint> | null> {
  const { shape, column } = counted
  const values = new Map<number, bigint>()
  if (!isSafe(counted)) return null
  const isCounted = await countedOf(needs, counted, counted.leaves)
  const numbers = [...counted.leaves].filter(isCounted)
  for (const members of runsOf(counted.members)) {
    const at = { shape, column, level: 'leaves', numbers, members } as const
    const rest = await addRun(needs.ask, at, values)
    if (rest.length > needs.fewMax) return null
    if (rest.length > 0 && !(await addSingle(needs, counted, { members: rest, values }))) {
      return null
    }
  }
  return [...values.values()].some((value) => value !== 0n) ? values : null
}

/** The last frames of roll-ups in the time of these profiles, and maybe others. The book knows them then. */
export async function findLeaves(
  { ask, leafBook }: Pick<SumNeeds, 'ask' | 'leafBook'>,
  lines: readonly LineId[],
  profiles: readonly { readonly atMs: number }[],
): Promise<Uint32Array> {
  const answer = new NativeColumns(await ask({ ask: 'leaves', lines, ...spanOf(profiles) }))
  const leaves = answer.u32(0).sort()
  await leafBook.learn(ask, leaves)
  return leaves
}

async function countedOf(
  { ask, leafBook }: SumNeeds,
  { shape, ofLeaves }: CountedLeaves,
  numbers: Uint32Array,
): Promise<(number: number) => boolean> {
  const { tables, rowOf } = await leafBook.tables(ask, numbers, shape.mainMapping)
  const isCounted = ofLeaves(tables)
  return (number) => isCounted[rowOf(number)] === 1
}

interface Single {
  readonly members: readonly BlockMember[]
  readonly values: Map<number, bigint>
}

/** Enters what profiles have one by one; false where last frames are not known of all. */
async function addSingle(
  needs: SumNeeds,
  counted: CountedLeaves,
  { members, values }: Single,
): Promise<boolean> {
  const { shape, column } = counted
  const wanted = members.map((member) => shape.factOf(member).number)
  const question = { lines: shape.lines, ...spanOf(members), column, numbers: wanted }
  const answer = new NativeColumns(await needs.ask({ ask: 'leafValues', ...question }))
  const [numbers, leaves, { low, high }] = [answer.counts(0), answer.u32(1), answer.i128(2)]
  const found = Uint32Array.from(new Set(leaves.filter(isFrame))).sort()
  const isCounted = await countedOf(needs, counted, found)
  const marked = new Set<number>()
  for (const [row, leaf] of leaves.entries()) {
    const number = numbers[row] ?? 0
    if (leaf === MARK_LEAF) marked.add(number)
    else if (leaf !== 0 && isCounted(leaf)) {
      values.set(number, (values.get(number) ?? 0n) + wideValue(low[row], high[row]))
    }
  }
  return wanted.every((number) => marked.has(number))
}

function isFrame(number: number): boolean {
  return number !== MARK_LEAF && number !== 0
}
