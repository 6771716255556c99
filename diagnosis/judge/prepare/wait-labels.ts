import type { LabelSetIndex, Profile } from '../../../profile/index.ts'

/** What the header of a goroutine says in a dump with `debug=2`. */
export interface WaitLabels {
  /** `chan receive`, `select`, ...; `''` for samples without. One for each sample. */
  readonly states: readonly string[]
  /** How long it has waited; 0 below a minute. One for each sample. */
  readonly minutes: Float64Array
  /** 1 where Go proved that it waits for ever (since 1.26). One for each sample. */
  readonly isLeaked: Uint8Array
}

const LEAKED = ' (leaked)'

/** `null` for a profile whose goroutines have no state. */
export function waitLabelsOf({ labelSets, strings, samples }: Profile): WaitLabels | null {
  const stateOfSet: string[] = []
  const minutesOfSet = new Float64Array(labelSets.length)
  let hasState = false
  for (let set: LabelSetIndex = 0; set < labelSets.length; set++) {
    stateOfSet.push('')
    for (let at = labelSets.labelStart[set]; at < labelSets.labelStart[set + 1]; at++) {
      const key = strings[labelSets.key[at]]
      if (key === 'minutes') minutesOfSet[set] = Number(labelSets.number[at])
      if (key !== 'state') continue
      stateOfSet[set] = strings[labelSets.text[at]] ?? ''
      hasState = true
    }
  }
  if (!hasState) return null
  const sets = [...samples.labelSet]
  return {
    states: sets.map((set) => stateOfSet[set].replace(LEAKED, '')),
    minutes: Float64Array.from(sets, (set) => minutesOfSet[set]),
    isLeaked: Uint8Array.from(sets, (set) => (stateOfSet[set].includes(LEAKED) ? 1 : 0)),
  }
}
