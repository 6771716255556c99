import * as fc from 'fast-check'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { readProfile } from '../../gzip/node.ts'
import {
  DEFAULT_REPORT_SETTINGS,
  openReport,
  type Profile,
  ProfileBuilder,
  profileFromFolded,
  type ReportSettings,
  TEXT_REPORTS,
  type TextReportName,
} from '../../profile/index.ts'
import { stacksOf } from './stacks-of.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }
const names = fc.constantFrom('main', 'a.b', 'é', 'with blank', 'f[int]')
const stackValues = fc.dictionary(
  fc.array(names, { minLength: 2, maxLength: 5 }).map((stack) => stack.join(';')),
  fc.integer({ min: 1, max: 2 ** 40 }),
  { minKeys: 1 },
)

test('what was written folded or for speedscope is read as it was', () => {
  fc.assert(
    fc.property(stackValues, (values) => {
      const lines = Object.entries(values).map(([stack, value]) => `${stack} ${value}`)
      const profile = profileFromFolded(lines.join('\n'), cpu)
      const folded = readProfile(Buffer.from(write('folded', profile)))
      expect(stacksOf(folded)).toEqual(stacksOf(profile))
      const speedscope = readProfile(Buffer.from(write('speedscope', profile)))
      expect(stacksOf(speedscope)).toEqual(stacksOf(profile))
      expect(speedscope.sampleTypes).toEqual([cpu])
    }),
  )
})

test('folded stacks are in order, without labels, and without what separates them', () => {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const locations = ['b', 'struct { A int; B int }', 'a\nb'].map((name) =>
    builder.location({ lines: [{ func: builder.func({ name }) }] }),
  )
  for (const text of ['x', 'y']) {
    builder.sample({ locations, values: [2n ** 60n], labels: [{ key: 'k', text }] })
  }
  builder.sample({ locations: locations.slice(2), values: [1] })
  builder.sample({ locations: [], values: [3] })
  expect(write('folded', builder.finish())).toBe(
    `<unknown> 3\na b 1\nb;struct { A int, B int };a b ${2n ** 61n}\n`,
  )
})

/** What https://www.speedscope.app/file-format-schema.json asks of a sampled profile. */
const SpeedscopeFile = Type.Object(
  {
    $schema: Type.Literal('https://www.speedscope.app/file-format-schema.json'),
    shared: Type.Object({
      frames: Type.Array(
        Type.Object(
          {
            name: Type.String(),
            file: Type.Optional(Type.String()),
            line: Type.Optional(Type.Integer({ minimum: 1 })),
            col: Type.Optional(Type.Integer({ minimum: 1 })),
          },
          { additionalProperties: false },
        ),
      ),
    }),
    profiles: Type.Array(
      Type.Object(
        {
          type: Type.Literal('sampled'),
          name: Type.String(),
          unit: Type.Enum([
            'none',
            'nanoseconds',
            'microseconds',
            'milliseconds',
            'seconds',
            'bytes',
          ]),
          startValue: Type.Number(),
          endValue: Type.Number(),
          samples: Type.Array(Type.Array(Type.Integer({ minimum: 0 }))),
          weights: Type.Array(Type.Number()),
        },
        { additionalProperties: false },
      ),
    ),
    name: Type.String(),
    activeProfileIndex: Type.Integer(),
    exporter: Type.String(),
  },
  { additionalProperties: false },
)

test.each([
  ['nanoseconds', 'nanoseconds', 7],
  ['count', 'none', 7],
  ['kilobytes', 'bytes', 7168],
  ['minutes-of-joy', 'none', 7],
])('a file for speedscope is as it documents, with %s as %s', (unit, expected, weight) => {
  const profile = profileFromFolded('main @/src/main.go:3;work 7', { type: 'x', unit })
  const file: unknown = JSON.parse(write('speedscope', profile))
  expect([...Value.Errors(SpeedscopeFile, file)]).toEqual([])
  expect(file).toMatchObject({
    shared: { frames: [{ name: 'main', file: '/src/main.go' }, { name: 'work' }] },
    profiles: [{ unit: expected, samples: [[0, 1]], weights: [weight], endValue: weight }],
  })
})

test('many samples make one valid file', () => {
  const lines = Array.from({ length: 2500 }, (_, row) => `a;b${row} 1`)
  const profile = profileFromFolded(lines.join('\n'), cpu)
  for (const name of ['speedscope', 'json'] as const) JSON.parse(write(name, profile))
  expect(stacksOf(readProfile(Buffer.from(write('speedscope', profile))))).toEqual(
    stacksOf(profile),
  )
})

test('CSV has flat, cum and shares of every function', () => {
  expect(write('csv', profileFromFolded('main;work 3\nmain 1', cpu))).toBe(
    'function,flat,flat share,cum,cum share,unit\r\n' +
      'work,3,0.75,3,0.75,nanoseconds\r\nmain,1,0.25,4,1,nanoseconds\r\n',
  )
})

test.each([
  ['=1+1', "'=1+1"],
  ['+x', "'+x"],
  ['-x', "'-x"],
  ['@sum', "'@sum"],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  [' =HYPERLINK("x")', `"' =HYPERLINK(""x"")"`],
  ['a,b', '"a,b"'],
  ['(*T[int, string]).F', '"(*T[int, string]).F"'],
])('no function name is a formula in CSV: %j', (name, cell) => {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const location = builder.location({ lines: [{ func: builder.func({ name }) }] })
  builder.sample({ locations: [location], values: [1] })
  expect(write('csv', builder.finish())).toContain(`\r\n${cell},1,1,1,1,nanoseconds\r\n`)
})

test('JSON has all sample types, labels, and whole numbers of 64 bits as digits', () => {
  const builder = new ProfileBuilder({
    sampleTypes: [cpu, { type: 'x', unit: 'count' }],
    timeNs: 5n,
  })
  const func = builder.func({ name: 'main', file: 'main.go' })
  const location = builder.location({ address: 16n, lines: [{ func, line: 7 }] })
  const labels = [
    { key: 'k', text: 'v' },
    { key: 'bytes', number: 4n, unit: 'bytes' },
  ]
  builder.sample({ locations: [location], values: [2n ** 60n, 2], labels })
  expect(JSON.parse(write('json', builder.finish()))).toMatchObject({
    sampleTypes: [cpu, { type: 'x', unit: 'count' }],
    timeNs: '5',
    frames: [{ function: 'main', file: 'main.go', line: 7, isInlined: false, address: '0x10' }],
    samples: [{ stack: [0], values: [String(2n ** 60n), 2], labels }].map((sample) => ({
      ...sample,
      labels: [labels[0], { key: 'bytes', number: 4, unit: 'bytes' }],
    })),
  })
})

test('filters and granularity hold, and means are refused', () => {
  const profile = profileFromFolded('main;a @/x.go:1 3\nmain;b 1', cpu)
  const focus = { test: (text: string) => text === 'a' }
  expect(write('folded', profile, { filters: { focus } })).toBe('main;a 3\n')
  expect(write('folded', profile, { granularity: 'lines' })).toContain('main;a /x.go:1 3\n')
  expect(() => write('csv', profile, { mean: true })).toThrow('means have no sum')
})

function write(
  name: TextReportName,
  profile: Profile,
  settings: Partial<ReportSettings> = {},
): string {
  let text = ''
  const report = openReport(profile, { ...DEFAULT_REPORT_SETTINGS, ...settings })
  TEXT_REPORTS[name](report, (chunk) => {
    text += Buffer.from(chunk).toString()
  })
  return text
}
