import type { LabelSetInterner } from '../columns/label-set-interner.ts'
import type { RowMap } from './place-merger.ts'
import type { StringMerger } from './string-merger.ts'
import { type LabelSetTable, NONE } from '../types.ts'

/**
 * The merged set of each set. pprof keeps labels by key: text labels before number labels, each in order of keys,
 * equal keys in the file's order. `rows` finds strings of the source in `strings`.
 */
export function mergeLabelSets(
  { length, labelStart, key, text, number, unit }: LabelSetTable,
  rows: RowMap,
  { texts }: StringMerger,
  merged: LabelSetInterner,
): Uint32Array {
  const setOf = new Uint32Array(length)
  for (let set = 1; set < length; set++) {
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

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
