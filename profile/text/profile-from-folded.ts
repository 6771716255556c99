import { ProfileBuilder, type ProfileHeader } from '../columns/profile-builder.ts'
import { isComment } from './line-reader.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import type { LocationIndex, Profile, ValueType } from '../types.ts'

export interface FoldedHeader extends Partial<Omit<ProfileHeader, 'sampleTypes'>> {
  /** File of the main binary: `'/usr/local/bin/kube-apiserver'`. */
  readonly mappingFile?: string
}

/**
 * Builds a profile from folded stacks, one a line, root first: `main.main; main.work 12`. Lines with `#` are comments. A name may be followed by
 * where the function is: `main.work @/src/main.go:17`. With several sample types each line ends with as many numbers.
 */
export function profileFromFolded(
  text: string,
  sampleType: ValueType | readonly ValueType[],
  { mappingFile, ...header }: FoldedHeader = {},
): Profile {
  const sampleTypes = 'type' in sampleType ? [sampleType] : sampleType
  const builder = new ProfileBuilder({ ...header, sampleTypes })
  const mapping = mappingFile === undefined ? -1 : builder.mapping({ file: mappingFile })
  const known = new Map<string, LocationIndex>()
  const locationOf = (name: string) => {
    const seen = known.get(name)
    if (seen !== undefined) return seen
    const { func, line } = placeOf(name)
    const location = builder.location({ mapping, lines: [{ func: builder.func(func), line }] })
    known.set(name, location)
    return location
  }
  const values = String.raw`(?:\s+-?\d+)`.repeat(sampleTypes.length)
  const pattern = new RegExp(`^(.*?)(${values})$`)
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || isComment(trimmed)) continue
    const match = pattern.exec(` ${trimmed}`)
    if (match === null) {
      const count =
        sampleTypes.length === 1 ? 'a whole number' : `${sampleTypes.length} whole numbers`
      const message = `line ${index + 1} does not end with ${count}: ${trimmed.slice(0, 80)}`
      throw new ProfileFormatError('folded', message)
    }
    const [, stack, numbers] = match
    const names = stack.split(';').map((name) => name.trim())
    const locations = names.filter((name) => name !== '').map(locationOf)
    const values = numbers.trim().split(/\s+/).map(BigInt)
    if (values.some((value) => value !== BigInt.asIntN(64, value))) {
      throw new ProfileFormatError('folded', `line ${index + 1}: ${numbers.trim()} exceeds 64 bits`)
    }
    builder.sample({ locations, values })
  }
  return builder.finish()
}

function placeOf(text: string) {
  const match = /^(.*?)\s+@([^;]*?)(?::(\d+))?$/.exec(text)
  if (match === null) return { func: { name: text }, line: 0 }
  const [, name, file, line = '0'] = match
  return { func: { name, file }, line: Number(line) }
}
