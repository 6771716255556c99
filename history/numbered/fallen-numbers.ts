import { cumulativeTypes, grownMsOf, type Link } from '../../profile/index.ts'
import type { NumberedShape } from './load-numbered.ts'
import { NativeColumns } from './native-columns.ts'
import { type Ask, spanOf } from './stack-sums.ts'

/** The profiles in which a cumulative value is less than in the one before: their process was started again. */
export async function fallenNumbers(
  ask: Ask,
  { lines, block, factOf }: Pick<NumberedShape, 'lines' | 'block' | 'factOf'>,
  links: readonly Link[],
): Promise<ReadonlySet<number>> {
  const counted = links.flatMap((link) => {
    const { place, previous } = link
    return previous === null || grownMsOf(link) === null
      ? []
      : [[previous.member, place.member] as const]
  })
  if (counted.length === 0) return new Set()
  const columns = new NativeColumns(
    await ask({
      ask: 'fallen',
      lines,
      ...spanOf(counted.flat()),
      columns: cumulativeTypes(block.shape),
      pairs: counted.map(([previous, next]) => [factOf(previous).number, factOf(next).number]),
    }),
  )
  const hasFallen = columns.u8(1)
  return new Set(columns.counts(0).filter((_, row) => hasFallen[row] === 1))
}
