import { NONE } from '../types.ts'
import type { Profile } from '../types.ts'
import type { View } from './open-view.ts'
import { tagOfLabel } from './tags-view.ts'

/** A frame of a trace. */
export interface TraceFrame {
  readonly name: string
  /** Only where it holds: the compiler had inlined the call. */
  readonly isInlined?: true
  /** Only where it holds: Go had cut it off, and `repairStacks` inferred it. */
  readonly isInferred?: true
}

/** A sample, as it was taken. */
export interface Trace {
  /** Of the sample type of the view. */
  readonly value: number
  /** 0 to 1, of the view's total. */
  readonly share: number
  /** One for each sample type of the profile. */
  readonly values: readonly number[]
  /** In the file's order. The value of a number label is its digits. */
  readonly labels: readonly {
    readonly key: string
    readonly value: string
    /** `null` for a text label. */
    readonly unit: string | null
  }[]
  /** The leaf first, as `pprof -traces` prints it. */
  readonly stack: readonly TraceFrame[]
}

export interface TracesView {
  /** How many samples have a value, of what the filters left. */
  readonly sampleCount: number
  /** How many of these are not in `samples`, and the sum of their absolute values. */
  readonly leftOutCount: number
  readonly leftOutTotal: number
  /** Largest first, then in the file's order. */
  readonly samples: readonly Trace[]
}

export interface TracesViewOptions {
  readonly samplesMax: number
  /** About how many characters names and labels may have together; the first sample is there whatever it has. */
  readonly charsMax: number
}

/** What a frame and a label take beside their texts. */
const CHARS_EACH = 12

/** The largest samples. What shapes the tree alone, such as collapsed recursion, changes none. */
export function tracesView(view: View, { samplesMax, charsMax }: TracesViewOptions): TracesView {
  const { values } = view
  const found: number[] = []
  for (let sample = 0; sample < values.length; sample++) {
    if (Number(values[sample]) !== 0) found.push(sample)
  }
  found.sort((a, b) => Math.abs(Number(values[b])) - Math.abs(Number(values[a])) || a - b)
  const samples: Trace[] = []
  let charsLeft = charsMax
  for (const sample of found.slice(0, samplesMax)) {
    const trace = traceOf(view, sample)
    charsLeft -= charsOf(trace)
    if (charsLeft < 0 && samples.length > 0) break
    samples.push(trace)
  }
  const leftOut = found.slice(samples.length)
  return {
    sampleCount: found.length,
    leftOutCount: leftOut.length,
    leftOutTotal: leftOut.reduce((sum, sample) => sum + Math.abs(Number(values[sample])), 0),
    samples,
  }
}

function traceOf(view: View, sample: number): Trace {
  const { profile, values, total } = view
  const value = Number(values[sample])
  return {
    value,
    share: total.value === 0 ? 0 : value / total.value,
    values: profile.samples.values.map((column) => Number(column[sample])),
    labels: labelsOf(profile, sample),
    stack: stackOf(view, sample),
  }
}

function labelsOf({ samples, labelSets, strings }: Profile, sample: number): Trace['labels'] {
  const set = samples.labelSet[sample]
  const labels: Trace['labels'][number][] = []
  for (let label = labelSets.labelStart[set]; label < labelSets.labelStart[set + 1]; label++) {
    labels.push(tagOfLabel(labelSets, strings, label))
  }
  return labels
}

function stackOf({ profile, frameNames }: View, sample: number): readonly TraceFrame[] {
  const { samples, stacks, frames, locations } = profile
  const rows: number[] = []
  for (let row = samples.stack[sample]; row !== NONE; row = stacks.parent[row]) rows.push(row)
  const inferredFrom = rows.length - (samples.inferredDepth?.[sample] ?? 0)
  return rows.flatMap((row, place) => {
    const frame = stacks.frame[row]
    const name = frameNames.frameName[frame]
    if (name === NONE) return []
    const isInlined = locations.frameStart[frames.location[frame]] !== frame
    return [
      {
        name: frameNames.names[name],
        ...(isInlined ? { isInlined } : {}),
        ...(place >= inferredFrom ? { isInferred: true as const } : {}),
      },
    ]
  })
}

function charsOf({ labels, stack }: Trace): number {
  let chars = 0
  for (const { name } of stack) chars += name.length + CHARS_EACH
  for (const { key, value } of labels) chars += key.length + value.length + CHARS_EACH
  return chars
}
