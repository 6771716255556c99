import { expect, test } from 'vitest'
import {
  checkProfile,
  NONE,
  type Profile,
  profileFromFolded,
  repairStacks,
} from '../../profile/index.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }

test('a cut stack gets the callers that a whole stack shows for its root', () => {
  const whole = names('f', 0, 21)
  const cut = [...names('f', 10, 21), ...names('g', 0, 53)]
  const { profile, cutShare, rerootedShare, depthMax } = repairStacks(folded([whole, 1], [cut, 3]))
  checkProfile(profile)
  expect({ cutShare, rerootedShare, depthMax }).toEqual({
    cutShare: 0.75,
    rerootedShare: 1,
    depthMax: 64,
  })
  expect(pathOf(profile, 1)).toEqual([...names('f', 0, 21), ...names('g', 0, 53)])
  expect([...(profile.samples.inferredDepth ?? [])]).toEqual([0, 10])
})

test('callers that are cut themselves are looked for again', () => {
  const whole = names('f', 0, 21)
  const cut = [...names('f', 10, 21), ...names('g', 0, 53)]
  const deeper = [...names('g', 20, 53), ...names('h', 0, 31)]
  const { profile, rerootedShare } = repairStacks(folded([whole, 1], [cut, 1], [deeper, 1]))
  expect(pathOf(profile, 2)).toEqual([
    ...names('f', 0, 21),
    ...names('g', 0, 53),
    ...names('h', 0, 31),
  ])
  expect(rerootedShare).toBe(1)
})

test('a stack stays cut when its callers do not agree', () => {
  const shared = names('f', 0, 5)
  const cut = [...shared, ...names('g', 0, 59)]
  const result = repairStacks(folded([['a', ...shared], 5], [['b', ...shared], 4], [cut, 1]))
  expect(pathOf(result.profile, 2)).toEqual(cut)
  expect(result.rerootedShare).toBe(0)
  expect(result.cutShare).toBeCloseTo(0.1)
})

test('recursion at the root is not taken for a caller', () => {
  const recursive = ['main', ...Array.from({ length: 12 }, () => 'walk')]
  const cut = Array.from({ length: 64 }, () => 'walk')
  const { profile } = repairStacks(folded([recursive, 1], [cut, 1]))
  expect(pathOf(profile, 1)).toEqual(cut)
})

test('a deep stack that begins where shallow ones begin is whole', () => {
  const deep = ['main', ...names('f', 0, 63)]
  const given = folded([['main', 'f0'], 1], [deep, 1])
  expect(repairStacks(given)).toEqual({
    profile: given,
    depthMax: 64,
    cutShare: 0,
    rerootedShare: 0,
    isCut: Uint8Array.of(0, 0),
  })
})

test('stacks deeper than Go makes them were not cut by Go', () => {
  const { cutShare, depthMax } = repairStacks(folded([names('f', 0, 1000), 1]))
  expect({ cutShare, depthMax }).toEqual({ cutShare: 0, depthMax: Infinity })
})

test('goroutine stacks of old Go are cut at 32 frames, of new Go at 128', () => {
  const goroutine = { type: 'goroutine', unit: 'count' }
  const depthMaxOf = (frameCount: number) =>
    repairStacks(profileFromFolded(`${names('f', 0, frameCount).join(';')} 1`, goroutine)).depthMax
  expect([depthMaxOf(32), depthMaxOf(60)]).toEqual([32, 128])
})

function names(letter: string, start: number, end: number): string[] {
  return Array.from({ length: end - start }, (_, index) => `${letter}${start + index}`)
}

function folded(...stacks: readonly (readonly [readonly string[], number])[]): Profile {
  const lines = stacks.map(([frames, value]) => `${frames.join(';')} ${value}`)
  return profileFromFolded(lines.join('\n'), cpu)
}

function pathOf({ samples, stacks, frames, funcs, strings }: Profile, sample: number): string[] {
  const path: string[] = []
  for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
    path.unshift(strings[funcs.name[frames.func[stacks.frame[stack]]]])
  }
  return path
}
