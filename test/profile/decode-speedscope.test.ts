import { expect, test } from 'vitest'
import { readProfile } from '../../gzip/node.ts'
import { checkProfile, type Profile, ProfileFormatError } from '../../profile/index.ts'
import { stacksOf } from './stacks-of.ts'

const $schema = 'https://www.speedscope.app/file-format-schema.json'
const FRAMES = [
  { name: 'main', file: '/src/main.go', line: 7, col: 3 },
  { name: 'work' },
  { name: 'rest', file: null, line: null },
]
const SAMPLED = {
  type: 'sampled',
  name: 'one',
  unit: 'none',
  startValue: 0,
  endValue: 6,
  samples: [[0, 1], [0], [0, 1]],
  weights: [1, 2, 3],
}
const EVENTED = {
  type: 'evented',
  name: 'two',
  unit: 'milliseconds',
  startValue: 10,
  endValue: 20,
  events: [
    { type: 'O', at: 10, frame: 0 },
    { type: 'O', at: 11.5, frame: 1 },
    { type: 'C', at: 14, frame: 1 },
    { type: 'C', at: 15, frame: 0 },
    { type: 'O', at: 18, frame: 0 },
    { type: 'C', at: 20, frame: 0 },
  ],
}

test('sampled profiles are read with files, lines and columns', () => {
  const profile = read({ profiles: [SAMPLED] })
  checkProfile(profile)
  expect(profile.sampleTypes).toEqual([{ type: 'samples', unit: 'count' }])
  expect(stacksOf(profile)).toEqual({ 'main;work': [4n], main: [2n] })
  const main = profile.frames.func.findIndex((func) => nameOf(profile, func) === 'main')
  expect([profile.frames.line[main], profile.frames.column[main]]).toEqual([7, 3])
  expect(profile.strings).toContain('/src/main.go')
})

test('evented profiles are what was spent in each stack itself, in nanoseconds', () => {
  const profile = read({ profiles: [EVENTED] })
  expect(profile.sampleTypes).toEqual([{ type: 'time', unit: 'nanoseconds' }])
  expect(stacksOf(profile)).toEqual({ main: [4_500_000n], 'main;work': [2_500_000n] })
})

test('profiles of one unit are distinguished by a label, those of two units are two sample types', () => {
  const threads = read({ profiles: [SAMPLED, { ...SAMPLED, name: 'other' }] })
  expect(threads.samples.length).toBe(4)
  expect(threads.strings).toEqual(expect.arrayContaining(['profile', 'one', 'other']))
  const mixed = read({ profiles: [SAMPLED, EVENTED] })
  expect(mixed.sampleTypes.map(({ type }) => type)).toEqual(['samples', 'time'])
  expect(stacksOf(mixed)).toEqual({ 'main;work': [4n, 2_500_000n], main: [2n, 4_500_000n] })
})

test("a profile that is named after one of Go's sample types is of it", () => {
  const profile = read({ profiles: [{ ...SAMPLED, name: 'inuse_space', unit: 'bytes' }] })
  expect(profile.sampleTypes).toEqual([{ type: 'inuse_space', unit: 'bytes' }])
})

test.each([
  [
    { profiles: [{ ...SAMPLED, samples: [[0], [9], [0]] }] },
    '$.profiles[0].samples[1][0] is 9, but there are 3 frames',
  ],
  [
    { profiles: [{ ...SAMPLED, weights: [1] }] },
    '$.profiles[0].weights has 1 weights for 3 samples',
  ],
  [
    { profiles: [{ ...SAMPLED, weights: [1, 'x', 2] }] },
    '$.profiles[0].weights[1] is not a number',
  ],
  [{ profiles: [{ ...SAMPLED, weights: [1, 1e300, 2] }] }, '$.profiles[0].weights[1] is too large'],
  [{ profiles: [{ ...SAMPLED, samples: 5 }] }, '$.profiles[0].samples is not a list'],
  [{ profiles: [{ ...SAMPLED, unit: 'furlongs' }] }, '$.profiles[0].unit is not one of none, nano'],
  [{ profiles: [{ ...SAMPLED, type: 'x' }] }, '$.profiles[0].type is neither sampled nor evented'],
  [{ profiles: [7] }, '$.profiles[0] is not an object'],
  [{ profiles: [] }, '$.profiles is empty'],
  [{ profiles: [SAMPLED], shared: {} }, '$.shared.frames is not a list'],
  [{ profiles: [SAMPLED], shared: { frames: [{}] } }, '$.shared.frames[0].name is not a string'],
  [
    { profiles: [{ ...EVENTED, events: [{ type: 'C', at: 10, frame: 0 }] }] },
    '$.profiles[0].events[0].frame closes frame 0, which is not the innermost open one',
  ],
  [
    { profiles: [{ ...EVENTED, events: [{ type: 'O', at: 9, frame: 0 }] }] },
    '$.profiles[0].events[0].at is before the event in front of it',
  ],
  [
    { profiles: [{ ...EVENTED, events: [{ type: 'O', at: 10, frame: 0 }] }] },
    '$.profiles[0].events ends with open frames',
  ],
])('what does not fit is named by its path: %#', (file, message) => {
  expect(() => read(file)).toThrow(message)
  expect(() => read(file)).toThrow(ProfileFormatError)
})

test('broken JSON is refused with its place, and truncated JSON as ending early', () => {
  const text = JSON.stringify({ $schema, shared: { frames: FRAMES }, profiles: [SAMPLED] })
  const broken = text.replace('"main"', 'main')
  expect(() => readProfile(Buffer.from(broken))).toThrow(/not JSON: Unexpected token .m./)
  expect(() => readProfile(Buffer.from(text.slice(0, -9)))).toThrow(/not JSON: Unexpected end/)
})

test('other JSON is refused as not a profile', () => {
  expect(() => readProfile(Buffer.from('{"profiles": []}'))).toThrow('are JSON, not a profile')
})

test('more samples or frames of stacks than allowed are refused', () => {
  const bytes = bytesOf({ profiles: [SAMPLED] })
  expect(() => readProfile(bytes, { samplesMax: 2 })).toThrow('more than 2 samples')
  const events = bytesOf({ profiles: [EVENTED] })
  expect(() => readProfile(events, { stacksMax: 2 })).toThrow('more than 2 frames')
})

function read(file: Readonly<Record<string, unknown>>): Profile {
  return readProfile(bytesOf(file))
}

function bytesOf(file: Readonly<Record<string, unknown>>): Uint8Array {
  return Buffer.from(JSON.stringify({ $schema, shared: { frames: FRAMES }, ...file }))
}

function nameOf({ strings, funcs }: Profile, func: number): string {
  return strings[funcs.name[func]]
}
