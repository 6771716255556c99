import { int32 } from '../columns/growing-column.ts'
import { readSamples, type SampleContext } from './read-samples.ts'
import type { MessageRanges } from './scan-profile.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import {
  type LabelSetTable,
  type LocationTable,
  NONE,
  type SampleTable,
  type StackTable,
} from '../types.ts'
import type { WireReader } from './wire-reader.ts'

export interface DecodedSamples {
  readonly samples: SampleTable
  readonly stacks: StackTable
  readonly labelSets: LabelSetTable
}

export function decodeSamples(
  reader: WireReader,
  ranges: MessageRanges,
  locations: LocationTable,
  context: SampleContext,
): DecodedSamples {
  const { length, bounds } = ranges
  const { stacksMax } = context.limits
  const paths = int32(length)
  const interner = new StackInterner(locations.frameStart, locations.length * 2, length)
  const read = readSamples(reader, ranges, context, (sample, rows, count) => {
    paths[sample] = interner.path(NONE, rows, count)
    if (interner.stackCount > stacksMax) {
      const message = `the stacks make a tree of more than ${stacksMax} nodes`
      throw reader.error('stacks', message, bounds[2 * sample])
    }
  })
  const { stacks, stack } = interner.finish(paths)
  const { labelSet, labelSets, values } = read
  return { samples: { length, stack, labelSet, values, inferredDepth: null }, stacks, labelSets }
}
