import { NONE, type Profile } from '../../profile/index.ts'

/** The values of each stack, under its names from the root, with `;` between them. */
export function stacksOf(profile: Profile): Record<string, bigint[]> {
  const { samples, stacks, frames, funcs, strings } = profile
  const entries = Array.from({ length: samples.length }, (_, sample): [string, bigint[]] => {
    const names: string[] = []
    for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
      names.unshift(strings[funcs.name[frames.func[stacks.frame[stack]]]])
    }
    return [names.join(';'), samples.values.map((column) => BigInt(column[sample]))]
  })
  return Object.fromEntries(entries)
}
