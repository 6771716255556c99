import { ProfileFormatError } from '../profile-format-error.ts'
import { NONE, type Profile } from '../types.ts'

/**
 * Holds a profile to the invariants written at its types: after decoding and after loading columns that came over a
 * wire. Throws a ProfileFormatError with the reason `columns` that names the table and the row.
 */
export function checkProfile(profile: Profile): void {
  if (profile.strings[0] !== '') refuse('strings', 0, 'is not empty')
  checkTables(profile)
}

/** A profile whose strings need not be texts yet. */
export type Tables = Omit<Profile, 'strings'> & { readonly strings: { readonly length: number } }

/** The same without a look at the strings themselves. */
export function checkTables(profile: Tables): void {
  checkLengths(profile)
  const { strings, mappings, funcs, locations, frames, stacks, labelSets, samples } = profile
  checkIndexes('mappings.file', mappings.file, 0, strings.length)
  checkIndexes('mappings.buildId', mappings.buildId, 0, strings.length)
  checkIndexes('funcs.name', funcs.name, 0, strings.length)
  checkIndexes('funcs.systemName', funcs.systemName, 0, strings.length)
  checkIndexes('funcs.file', funcs.file, 0, strings.length)
  checkIndexes('locations.mapping', locations.mapping, NONE, mappings.length)
  checkIndexes('frames.location', frames.location, 0, locations.length)
  checkIndexes('frames.func', frames.func, NONE, funcs.length)
  checkIndexes('stacks.frame', stacks.frame, 0, frames.length)
  checkIndexes('labelSets.key', labelSets.key, 0, strings.length)
  checkIndexes('labelSets.text', labelSets.text, NONE, strings.length)
  checkIndexes('labelSets.unit', labelSets.unit, 0, strings.length)
  checkIndexes('samples.stack', samples.stack, NONE, stacks.length)
  checkIndexes('samples.labelSet', samples.labelSet, 0, labelSets.length)
  checkLocations(profile)
  checkStacks(profile)
  checkStarts('labelSets.labelStart', labelSets.labelStart, labelSets.key.length, 0)
  if (labelSets.labelStart[1] !== 0) refuse('labelSets', 0, 'is not the empty set')
}

function checkLengths(profile: Tables): void {
  const { mappings, funcs, locations, frames, stacks, labelSets, samples } = profile
  const { length } = samples
  const columns: readonly (readonly [string, number, readonly { readonly length: number }[]])[] = [
    ['mappings', mappings.length, [mappings.start, mappings.limit, mappings.offset]],
    ['mappings', mappings.length, [mappings.file, mappings.buildId, mappings.flags]],
    ['funcs', funcs.length, [funcs.name, funcs.systemName, funcs.file, funcs.startLine]],
    ['locations', locations.length, [locations.mapping, locations.address, locations.isFolded]],
    ['locations', locations.length + 1, [locations.frameStart]],
    ['frames', frames.length, [frames.location, frames.func, frames.line, frames.column]],
    ['stacks', stacks.length, [stacks.parent, stacks.frame]],
    ['labelSets', labelSets.length + 1, [labelSets.labelStart]],
    ['labelSets', labelSets.key.length, [labelSets.text, labelSets.number, labelSets.unit]],
    ['samples', length, [samples.stack, samples.labelSet, ...samples.values]],
    ['samples', length, samples.inferredDepth === null ? [] : [samples.inferredDepth]],
    ['sampleTypes', profile.sampleTypes.length, [samples.values]],
  ]
  for (const [table, due, lengths] of columns) {
    for (const column of lengths) {
      if (column.length !== due) refuse(table, due, `has a column of ${column.length} rows`)
    }
  }
  if (labelSets.length === 0) refuse('labelSets', 0, 'is missing')
}

/** A location owns at least one frame, and its frames know it. */
function checkLocations({ locations, frames }: Tables): void {
  const { frameStart } = locations
  checkStarts('locations.frameStart', frameStart, frames.length, 1)
  for (let location = 0; location < locations.length; location++) {
    for (let frame = frameStart[location]; frame < frameStart[location + 1]; frame++) {
      if (frames.location[frame] !== location) refuse('frames.location', frame, 'is not its owner')
    }
  }
}

/** A parent comes before its children, and the frames of a location follow each other. */
function checkStacks({ stacks, frames, locations, samples }: Tables): void {
  const { parent, frame } = stacks
  for (let stack = 0; stack < stacks.length; stack++) {
    if (parent[stack] < NONE || parent[stack] >= stack) {
      refuse('stacks.parent', stack, 'is not before its child')
    }
    const isOutermost = locations.frameStart[frames.location[frame[stack]]] === frame[stack]
    if (isOutermost) continue
    if (parent[stack] === NONE || frame[parent[stack]] !== frame[stack] - 1) {
      refuse('stacks.frame', stack, 'does not follow the frame it is inlined into')
    }
  }
  for (let sample = 0; sample < samples.length; sample++) {
    const leaf = samples.stack[sample]
    if (leaf === NONE) continue
    if (frame[leaf] + 1 !== locations.frameStart[frames.location[frame[leaf]] + 1]) {
      refuse('samples.stack', sample, 'ends within a location')
    }
  }
}

function checkStarts(name: string, starts: Uint32Array, end: number, sizeMin: number): void {
  if (starts[0] !== 0) refuse(name, 0, 'is not 0')
  for (let row = 1; row < starts.length; row++) {
    if (starts[row] < starts[row - 1] + sizeMin) refuse(name, row, 'is out of order')
  }
  if (starts[starts.length - 1] !== end) refuse(name, starts.length - 1, `is not ${end}`)
}

function checkIndexes(
  name: string,
  column: Int32Array | Uint32Array,
  lowest: number,
  end: number,
): void {
  for (let row = 0; row < column.length; row++) {
    if (column[row] < lowest || column[row] >= end) refuse(name, row, `is ${column[row]}`)
  }
}

function refuse(name: string, row: number, what: string): never {
  throw new ProfileFormatError('columns', `${name}[${row}] ${what}`)
}
