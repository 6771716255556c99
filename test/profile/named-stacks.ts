import { NONE, type Profile } from '../../profile/index.ts'

/** The first value of each stack, whose frames are `name file:line`, root first. */
export function namedStacksOf(profile: Profile): Readonly<Record<string, number>> {
  const { samples, stacks, frames, funcs, strings } = profile
  const sums: Record<string, number> = {}
  for (let sample = 0; sample < samples.length; sample++) {
    const path: string[] = []
    for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
      const frame = stacks.frame[stack]
      const func = frames.func[frame]
      const place = `${strings[funcs.file[func]]}:${frames.line[frame]}`
      path.unshift(`${strings[funcs.name[func]]} ${place}`)
    }
    const key = path.join(';')
    sums[key] = (sums[key] ?? 0) + Number(samples.values[0][sample])
  }
  return sums
}

/** The labels of a sample by their keys. */
export function labelsOf({ samples, labelSets, strings }: Profile, sample: number) {
  const set = samples.labelSet[sample]
  const labels: [string, string | bigint][] = []
  for (let label = labelSets.labelStart[set]; label < labelSets.labelStart[set + 1]; label++) {
    const text = labelSets.text[label]
    labels.push([
      strings[labelSets.key[label]],
      text === NONE ? labelSets.number[label] : strings[text],
    ])
  }
  return Object.fromEntries(labels)
}
