import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffProfiles, type Profile, profileFromFolded } from '../../../profile/index.ts'
import { buildProfile, profileDrafts } from '../profile-drafts.ts'

const CPU = [
  { type: 'samples', unit: 'count' },
  { type: 'cpu', unit: 'nanoseconds' },
]
const BY_FLAT = { sampleIndex: '', sort: 'flat' } as const
const second = 1_000_000_000n

test('CPU time is compared per second of each profile', () => {
  const { per, total, rows } = diffProfiles(
    cpuOver(10n, { 'main;work': 500 }),
    cpuOver(30n, { 'main;work': 3000, 'main;more': 600 }),
    BY_FLAT,
  )
  expect(per).toBe('second')
  expect([total.before, total.after]).toEqual([0.5e9, 1.2e9])
  expect(rows).toMatchObject([
    { name: 'work', status: 'grew', flat: { before: 0.5e9, after: 1e9, isNoise: false } },
    { name: 'more', status: 'new', flat: { before: 0, after: 0.2e9, isNoise: false } },
  ])
})

test('where it is known what was served, the same work for twice the requests is half as much', () => {
  const [before, after] = [cpuOver(10n, { list: 500 }), cpuOver(10n, { list: 500 })]
  const rates = { before: 20, after: 40 }
  const { per, exposures, rows } = diffProfiles(before, after, { ...BY_FLAT, per: rates })
  expect({ per, exposures }).toEqual({ per: 'request', exposures: { before: 200, after: 400 } })
  const flat = { before: 25e6, after: 12.5e6, isNoise: false }
  expect(rows).toMatchObject([{ name: 'list', status: 'shrank', flat }])
  const snapshots = [goroutines('list 1'), goroutines('list 2')] as const
  expect(diffProfiles(...snapshots, { ...BY_FLAT, per: rates }).per).toBe('profile')
})

test('a change of few samples is marked as noise', () => {
  const { rows } = diffProfiles(
    cpuOver(30n, { few: 6, many: 1000, gone: 1 }),
    cpuOver(30n, { few: 11, many: 1400 }),
    BY_FLAT,
  )
  expect(rows.map(({ name, status, flat }) => [name, status, flat.isNoise])).toEqual([
    ['many', 'grew', false],
    ['few', 'grew', true],
    ['gone', 'gone', true],
  ])
})

test('two profiles of the same work differ by noise alone', () => {
  const before: Record<string, number> = {}
  const after: Record<string, number> = {}
  // Sums of many uneven parts, as if drawn by chance: 200 functions around 50 samples.
  for (let row = 0; row < 200; row++) {
    before[`f${row}`] = 50 + Math.round(7 * Math.sin(row * 12.9898))
    after[`f${row}`] = 50 + Math.round(7 * Math.sin(row * 78.233 + 1))
  }
  const { rows, total } = diffProfiles(cpuOver(30n, before), cpuOver(30n, after), BY_FLAT)
  expect(rows.length).toBeGreaterThan(100)
  expect(rows.every(({ flat }) => flat.isNoise)).toBe(true)
  expect(total.isNoise).toBe(true)
})

test('cum counts a recursive function once', () => {
  const { rows } = diffProfiles(cpuOver(10n, { 'a;b;a': 100 }), cpuOver(10n, { 'a;b;a': 300 }), {
    sampleIndex: 'samples',
    sort: 'cum',
  })
  expect(rows.map(({ name, cum }) => [name, cum.difference])).toEqual([
    ['a', 20],
    ['b', 20],
  ])
})

test('names that differ only by what built the function are one', () => {
  const { rows } = diffProfiles(
    goroutines('k8s.io/kubernetes/vendor/a.F[go.shape.int] 3'),
    goroutines('a.F[...] 5'),
    BY_FLAT,
  )
  expect(rows).toMatchObject([{ name: 'a.F[...]', status: 'grew', flat: { isNoise: null } }])
})

test('units are reconciled in the finer one', () => {
  const [a, b] = ['bytes', 'kilobytes'].map((unit) =>
    profileFromFolded('a 4', { type: 'inuse_space', unit }),
  )
  const { sampleType, rows } = diffProfiles(a, b, BY_FLAT)
  expect(sampleType.unit).toBe('bytes')
  expect(rows[0].flat).toMatchObject({ before: 4, after: 4096 })
})

test('heap profiles have noise too, as their period shows how few allocations were sampled', () => {
  const [a, b] = ['small 1100000\nlarge 100000000', 'small 1600000\nlarge 200000000'].map((text) =>
    profileFromFolded(text, { type: 'inuse_space', unit: 'bytes' }, HEAP_PERIOD),
  )
  const { per, rows } = diffProfiles(a, b, BY_FLAT)
  expect(per).toBe('profile')
  expect(rows.map(({ flat }) => flat.isNoise)).toEqual([false, true])
})

test('what counts since the start says whether the process is the same', () => {
  expect(noteCodes(delayAt(1n, 'a 5'), delayAt(2n, 'a 6'))).toEqual(['grown_in_one_process'])
  expect(noteCodes(delayAt(1n, 'a 5'), delayAt(2n, 'a 4'))).toEqual(['since_process_start'])
})

test('profiles without a common type, and of two kinds, are refused', () => {
  expect(() => diffProfiles(cpuOver(1n, { a: 1 }), goroutines('a 1'), BY_FLAT)).toThrow(
    'no sample type in common',
  )
  const delay = { type: 'delay', unit: 'nanoseconds' }
  const lone = profileFromFolded('a 1', delay)
  const timed = profileFromFolded('a 1', delay, { durationNs: second })
  expect(() => diffProfiles(lone, timed, BY_FLAT)).toThrow('delay is cumulative in the first')
})

test('a profile does not differ from itself', () => {
  fc.assert(
    fc.property(profileDrafts, (draft) => {
      const profile = buildProfile({
        ...draft,
        types: draft.types.map((_, row) => [`t${row}`, 'count']),
      })
      fc.pre(profile.sampleTypes.length > 0)
      const { rows, total } = diffProfiles(profile, profile, BY_FLAT)
      expect(rows).toEqual([])
      expect(total.difference).toBe(0)
    }),
  )
})

/** A CPU profile with a sample every 10 ms. */
function cpuOver(seconds: bigint, counts: Readonly<Record<string, number>>): Profile {
  const lines = Object.entries(counts).map(([stack, count]) => `${stack} ${count} ${count}0000000`)
  return profileFromFolded(lines.join('\n'), CPU, { durationNs: seconds * second })
}

function goroutines(text: string): Profile {
  return profileFromFolded(text, { type: 'goroutine', unit: 'count' })
}

const HEAP_PERIOD = { periodType: { type: 'space', unit: 'bytes' }, period: 524_288n }

function delayAt(timeNs: bigint, text: string): Profile {
  return profileFromFolded(text, { type: 'delay', unit: 'nanoseconds' }, { timeNs })
}

function noteCodes(before: Profile, after: Profile): string[] {
  return diffProfiles(before, after, BY_FLAT).notes.map(({ code }) => code)
}
