import type { LabelSetInterner } from '../columns/label-set-interner.ts'
import type { RowMap } from './place-merger.ts'
import type { StringMerger } from './string-merger.ts'
import { type LabelSetTable, NONE } from '../types.ts'

/**
 * The merged set of each set. pprof keeps labels by key: text labels before number labels, each in order of keys,
 * equal keys in the file's order. `rows` finds strings of the source in `strings`. Sets that only samples out of use have
 * are left out.
 */
export function mergeLabelSets(
  { length, labelStart, key, text, number, unit }: LabelSetTable,
  isUsed: Uint8Array,
  rows: RowMap,
  { texts }: StringMerger,
  merged: LabelSetInterner,
): Uint32Array {
  const setOf = new Uint32Array(length)
  for (let set = 1; set < length; set++) {
    if (isUsed[set] === 0) continue
    const labels: number[] = []
    for (let label = labelStart[set]; label < labelStart[set + 1]; label++) labels.push(label)
    const isNumber = (label: number) => (text[label] === NONE ? 1 : 0)
    const keyOf = (label: number) => texts[rows.rowOf(key[label])]
    labels.sort((a, b) => isNumber(a) - isNumber(b) || compareText(keyOf(a), keyOf(b)))
    for (const label of labels) {
      if (text[label] !== NONE) merged.addText(rows.rowOf(key[label]), rows.rowOf(text[label]))
      else {
        const bits = BigInt.asUintN(64, number[label])
        const lo = Number(bits & 0xffffffffn)
        merged.addNumber(rows.rowOf(key[label]), lo, Number(bits >> 32n), rows.rowOf(unit[label]))
      }
    }
    setOf[set] = merged.finishSet()
  }
  return setOf
}

/** 1 for each of `setCount` label sets that a sample in use has. */
export function labelSetsInUse(
  labelSet: Uint32Array,
  isUsed: Uint8Array,
  setCount: number,
): Uint8Array {
  const sets = new Uint8Array(setCount)
  for (let sample = 0; sample < labelSet.length; sample++) {
    if (isUsed[sample] === 1) sets[labelSet[sample]] = 1
  }
  return sets
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
