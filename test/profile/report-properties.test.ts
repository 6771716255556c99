import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  combineProfiles,
  DEFAULT_REPORT_SETTINGS,
  encodeProfile,
  filterProfile,
  openReport,
  parseTagFilter,
  type Profile,
  ProfileBuilder,
  type ProfileFilters,
  subtractProfile,
  TEXT_REPORTS,
  type TextReportName,
} from '../../profile/index.ts'

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const samples = fc.array(
  fc.record({
    stack: fc.array(names, { minLength: 1, maxLength: 6 }),
    value: fc.integer({ min: -20, max: 50 }),
    label: fc.constantFrom('x', 'y', ''),
  }),
  { maxLength: 20 },
)
const profiles = samples.map(profileOf)
const works = samples.map((list) =>
  profileOf(list.map((sample) => ({ ...sample, value: Math.abs(sample.value) }))),
)

test('flat adds up to the total, and cum is no less than flat and no more than the total', () => {
  fc.assert(
    fc.property(works, (profile) => {
      let total = 0
      for (const value of profile.samples.values[0]) total += Number(value)
      let flatSum = 0
      for (const row of print('top', profile).split('\n').slice(3, -1)) {
        const [flat, , , cum] = row.trim().split(/\s+/).map(Number)
        flatSum += flat
        expect(cum).toBeGreaterThanOrEqual(flat)
        expect(cum).toBeLessThanOrEqual(total)
      }
      expect(flatSum).toBe(total)
    }),
  )
})

test('what calls a function is no more than what it and its callees measured', () => {
  fc.assert(
    fc.property(works, (profile) => {
      const blocks = print('tree', profile)
        .split(/^-+\+-+$/m)
        .slice(2, -1)
      for (const block of blocks) {
        const lines = block.trim().split('\n')
        const at = lines.findIndex((line) => /^\s*\d+ +\S+ +\S+ +\d+/.test(line))
        const [flat, , , cum] = lines[at].trim().split(/\s+/).map(Number)
        const callees = lines.slice(at + 1).map((line) => Number(line.trim().split(/\s+/)[0]))
        expect(Math.max(0, ...callees)).toBeLessThanOrEqual(cum)
        expect(flat).toBeLessThanOrEqual(cum)
      }
    }),
  )
})

test('a profile less itself is empty', () => {
  fc.assert(
    fc.property(profiles, works, (profile, work) => {
      const plain = subtractProfile(profile, profile, { marksBase: false, normalizes: false })
      expect(plain.samples.length).toBe(0)
      // Sums of 0 cannot be scaled to anything, so those of values of both signs are not normalised.
      const marked = subtractProfile(work, work, { marksBase: true, normalizes: true })
      expect(print('folded', marked)).toBe('')
    }),
  )
})

const merge = (...list: Profile[]) => combineProfiles(list)

test('merging is associative', () => {
  fc.assert(
    fc.property(profiles, profiles, profiles, (a, b, c) => {
      const left = print('folded', merge(merge(a, b), c))
      expect(print('folded', merge(a, merge(b, c)))).toBe(left)
      expect(print('folded', merge(a, b, c))).toBe(left)
      expect(print('folded', merge(c, a, b))).toBe(left)
    }),
  )
})

const has = (name: string) => ({ test: (text: string) => text.includes(name) })
/** Filters of samples, none of which looks at what another one changes. */
const filters: fc.Arbitrary<ProfileFilters> = fc.oneof(
  names.map((name) => ({ ignore: has(name) })),
  names.map((name) => ({ focus: has(name) })),
  fc.constantFrom('x', 'y').map((text) => ({ tagFocus: parseTagFilter(text, has) })),
  fc.constantFrom('x', 'y').map((text) => ({ tagIgnore: parseTagFilter(`k=${text}`, has) })),
  fc.constant({ tagHide: has('other') }),
)

test('filters of samples may be applied in any order, and twice', () => {
  fc.assert(
    fc.property(profiles, filters, filters, (profile, one, other) => {
      const both = filterProfile(filterProfile(profile, one), other)
      const swapped = filterProfile(filterProfile(profile, other), one)
      expect(encodeProfile(swapped)).toEqual(encodeProfile(both))
      expect(encodeProfile(filterProfile(both, one))).toEqual(encodeProfile(both))
    }),
  )
})

test('focus and ignore of one pattern part a profile in two', () => {
  fc.assert(
    fc.property(profiles, names, (profile, name) => {
      const parts = [{ focus: has(name) }, { ignore: has(name) }]
      const [inside, outside] = parts.map((part) => filterProfile(profile, part))
      expect(inside.samples.length + outside.samples.length).toBe(profile.samples.length)
      const joined = combineProfiles([inside, outside])
      expect(print('folded', joined)).toBe(print('folded', profile))
    }),
  )
})

interface Sample {
  readonly stack: readonly string[]
  readonly value: number
  readonly label: string
}

function profileOf(list: readonly Sample[]): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: 'work', unit: 'count' }] })
  for (const { stack, value, label } of list) {
    const locations = stack.map((name) =>
      builder.location({ lines: [{ func: builder.func({ name }) }] }),
    )
    const labels = label === '' ? [] : [{ key: 'k', text: label }]
    builder.sample({ locations, values: [value], labels })
  }
  return builder.finish()
}

/** Without trimming, so that everything counts. */
function print(name: TextReportName, profile: Profile): string {
  const chunks: string[] = []
  const report = openReport(profile, { ...DEFAULT_REPORT_SETTINGS, trim: false })
  TEXT_REPORTS[name](report, (chunk) => {
    chunks.push(String(chunk))
  })
  return chunks.join('')
}
