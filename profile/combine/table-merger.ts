import { LabelSetInterner } from '../columns/label-set-interner.ts'
import { release } from '../columns/growing-column.ts'
import type { TextBytes } from '../codec/columns-codec.ts'
import { labelSetsInUse, mergeLabelSets } from './merge-label-sets.ts'
import { PlaceMerger, RowMap } from './place-merger.ts'
import { NONE, type Profile, type SampleTable } from '../types.ts'
import { StackInterner } from '../columns/stack-interner.ts'
import { StringMerger } from './string-merger.ts'

/** All tables that samples refer to, and what samples refer to them with. */
export type SampledTables = Pick<
  Profile,
  'mappings' | 'funcs' | 'locations' | 'frames' | 'stacks' | 'labelSets'
> & {
  readonly strings: readonly string[] | TextBytes
  readonly samples: Pick<SampleTable, 'length' | 'stack' | 'labelSet'>
}

/** The merged paths and label sets of one profile, by its own stacks and sets. */
export interface MergedTables {
  /** Of stacks that end a sample in use; NONE at others. */
  readonly pathOf: Int32Array
  readonly setOf: Uint32Array
}

type MergedProfile = Omit<SampledTables, 'samples'> &
  Pick<Profile, 'strings'> & { readonly stack: Int32Array }

/** Gathers the strings, places, stacks and label sets of several profiles into one set of tables. */
export class TableMerger {
  readonly strings = new StringMerger()
  readonly places = new PlaceMerger()
  readonly stacks = new StackInterner(this.places.frameStart, 1024)
  readonly labels = new LabelSetInterner()

  /** Adds what the samples in use need of the tables. */
  add(tables: SampledTables, isUsed: Uint8Array): MergedTables {
    const { strings, labelSets, samples } = tables
    const usedSets = labelSetsInUse(samples.labelSet, isUsed, labelSets.length)
    const stringRows = this.#stringRows(strings)
    const locationRows = this.places.enter({ tables, strings: stringRows })
    const setOf = mergeLabelSets(labelSets, usedSets, stringRows, this.strings, this.labels)
    return { pathOf: mergeStacks(tables, isUsed, locationRows, this.stacks), setOf }
  }

  #stringRows(strings: SampledTables['strings']): RowMap {
    const merged = this.strings
    if (!('bounds' in strings)) {
      return new RowMap(strings.length, (index) => merged.rowOfText(strings[index]))
    }
    const { bytes, bounds, length } = strings
    merged.enter(bytes)
    return new RowMap(length, (index) =>
      merged.rowOfBytes(bounds[2 * index], bounds[2 * index + 1]),
    )
  }

  /** The merged tables, and the stack of each path. Nothing is added afterwards. */
  finish(paths: Int32Array): MergedProfile {
    const { stacks, stack } = this.stacks.finish(paths)
    return {
      strings: this.strings.texts,
      ...this.places.finish(),
      stacks,
      stack,
      labelSets: this.labels.finish(),
    }
  }
}

/** The merged path of each stack that ends a location and lies below a used sample. */
function mergeStacks(
  { samples, stacks, frames, locations }: SampledTables,
  isUsed: Uint8Array,
  locationRows: RowMap,
  merged: StackInterner,
): Int32Array {
  const { parent, frame } = stacks
  const { known } = locationRows
  const { frameStart } = locations
  /** The location that ends at the stack, plus one, where it is in use; and the stack that calls it. */
  const locationAt = new Int32Array(stacks.length)
  const callerAt = new Int32Array(stacks.length)
  // Leaf to root and sample by sample: the order in which pprof meets the locations.
  for (let sample = 0; sample < samples.length; sample++) {
    if (isUsed[sample] === 0) continue
    let stack = samples.stack[sample]
    while (stack !== NONE && locationAt[stack] === 0) {
      const location = frames.location[frame[stack]]
      const row = known[location]
      locationAt[stack] = (row === NONE ? locationRows.rowOf(location) : row) + 1
      const first = frameStart[location]
      let outermost = stack
      while (frame[outermost] !== first) outermost = parent[outermost]
      callerAt[stack] = parent[outermost]
      stack = parent[outermost]
    }
  }
  const pathOf = new Int32Array(stacks.length).fill(NONE)
  for (let stack = 0; stack < stacks.length; stack++) {
    if (locationAt[stack] === 0) continue
    const caller = callerAt[stack]
    const mergedCaller = caller === NONE ? NONE : pathOf[caller]
    pathOf[stack] = merged.child(mergedCaller, locationAt[stack] - 1)
  }
  release(locationAt)
  release(callerAt)
  return pathOf
}
