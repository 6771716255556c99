import { labelsOf } from '../../filter/filter-labels.ts'
import type { WholeNumber } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { type FrameIndex, NONE, type Profile } from '../../types.ts'

const SAMPLES_PER_CHUNK = 500

/**
 * `-json`: the whole profile after the filters, with all its sample types. Stacks list rows of `frames`, root first;
 * whole numbers that a double does not hold are texts of their digits.
 */
export function jsonReport({ profile }: Report, write: (text: string) => void): void {
  const { frames, samples } = profile
  const head = {
    version: 1,
    sampleTypes: profile.sampleTypes,
    defaultSampleType: profile.defaultSampleType,
    periodType: profile.periodType,
    period: jsonNumber(profile.period),
    timeNs: profile.timeNs.toString(),
    durationNs: jsonNumber(profile.durationNs),
    comments: profile.comments,
    frames: Array.from({ length: frames.length }, (_, frame) => frameOf(profile, frame)),
  }
  write(`${JSON.stringify(head).slice(0, -1)},"samples":[`)
  let chunk: string[] = []
  for (let sample = 0; sample < samples.length; sample++) {
    chunk.push(`${sample === 0 ? '' : ','}\n${JSON.stringify(sampleOf(profile, sample))}`)
    if (chunk.length < SAMPLES_PER_CHUNK) continue
    write(chunk.join(''))
    chunk = []
  }
  write(`${chunk.join('')}]}\n`)
}

function frameOf(profile: Profile, frame: FrameIndex) {
  const { frames, funcs, locations, mappings, strings } = profile
  const func = frames.func[frame]
  const location = frames.location[frame]
  const mapping = locations.mapping[location]
  return {
    function: func === NONE ? null : strings[funcs.name[func]],
    file: func === NONE ? null : strings[funcs.file[func]],
    line: frames.line[frame],
    isInlined: locations.frameStart[location] !== frame,
    address: `0x${locations.address[location].toString(16)}`,
    mapping: mapping === NONE ? null : strings[mappings.file[mapping]],
  }
}

function sampleOf(profile: Profile, sample: number) {
  const { samples, stacks, labelSets, strings } = profile
  const stack: FrameIndex[] = []
  for (let at = samples.stack[sample]; at !== NONE; at = stacks.parent[at]) {
    stack.push(stacks.frame[at])
  }
  const labels = labelsOf(labelSets.labelStart, samples.labelSet[sample]).map((label) => {
    const key = strings[labelSets.key[label]]
    const text = labelSets.text[label]
    if (text !== NONE) return { key, text: strings[text] }
    return {
      key,
      number: jsonNumber(labelSets.number[label]),
      unit: strings[labelSets.unit[label]],
    }
  })
  return {
    stack: stack.reverse(),
    values: samples.values.map((values) => jsonNumber(values[sample])),
    ...(labels.length === 0 ? {} : { labels }),
  }
}

function jsonNumber(value: WholeNumber): number | string {
  const double = Number(value)
  return Number.isSafeInteger(double) ? double : value.toString()
}
