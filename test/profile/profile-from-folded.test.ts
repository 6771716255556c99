import { expect, test } from 'vitest'
import { checkProfile, NONE, profileFromFolded, type Profile } from '../../profile/index.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }

test('reads root first, a value last, and makes one stack of equal prefixes', () => {
  const profile = profileFromFolded('main; work  12\nmain; rest  3\n', cpu)
  checkProfile(profile)
  expect(namesOf(profile, 0)).toEqual(['main', 'work'])
  expect(profile.stacks.length).toBe(3)
  expect([...profile.samples.values[0]]).toEqual([12, 3])
})

test('reads where a function is and keeps blanks in names', () => {
  const profile = profileFromFolded('go:(*struct { io.ReadCloser }).Read @/src/a.go:17 1', cpu)
  expect(namesOf(profile, 0)).toEqual(['go:(*struct { io.ReadCloser }).Read'])
  expect(profile.strings[profile.funcs.file[0]]).toBe('/src/a.go')
  expect(profile.frames.line[0]).toBe(17)
})

test('reads a number per sample type and a stack without frames', () => {
  const profile = profileFromFolded('a 1 20\n 3 40', [cpu, { type: 'samples', unit: 'count' }])
  expect([...profile.samples.values[1]]).toEqual([20, 40])
  expect(profile.samples.stack[1]).toBe(NONE)
})

test('names the line without a number', () => {
  expect(() => profileFromFolded('a 1\nb', cpu)).toThrow('line 2')
})

function namesOf({ samples, stacks, frames, funcs, strings }: Profile, sample: number): string[] {
  const names: string[] = []
  for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
    names.unshift(strings[funcs.name[frames.func[stacks.frame[stack]]]])
  }
  return names
}
