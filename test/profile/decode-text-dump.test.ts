import { expect, test } from 'vitest'
import {
  checkProfile,
  decodeTextDump,
  inferProfileType,
  NONE,
  type Profile,
  ProfileFormatError,
} from '../../profile/index.ts'

test('a goroutine count keeps functions, lines and labels, leaf last', () => {
  const profile = read(
    [
      'goroutine profile: total 3',
      '2 @ 0x43e1f6 0x4067cf 0x40640d 0x491341',
      '# labels: {"controller":"c\\"1", "x":"y"}',
      '#\t0x4067ce\tmain.wait+0xd5\tmain.go:7',
      '#\t0x40640c\tmain.(*T[...]).run+0xd5\t\t/src/my app/main.go:70',
      '',
      '1 @ 0x43e1f6',
      '',
    ].join('\n'),
  )
  expect(pathOf(profile, 0)).toEqual([
    'main.(*T[...]).run /src/my app/main.go:70',
    'main.wait main.go:7',
  ])
  expect(labelsOf(profile, 0)).toEqual({ controller: 'c"1', x: 'y' })
  expect([...profile.samples.values[0]]).toEqual([2, 1])
  // Without names the address is what there is.
  expect(profile.locations.address[profile.locations.length - 1]).toBe(0x43e1f5n)
  expect(inferProfileType(profile)).toBe('goroutine')
})

test('lines may end with carriage returns alone', () => {
  const lines = [
    'goroutine 7 [select, 12 minutes]:',
    'main.wait(0x1)',
    '\tmain.go:7 +0xd5',
    'main.main()',
  ]
  const profile = read([...lines, '\tmain.go:1 +0x1', ''].join('\r'))
  expect(pathOf(profile, 0)).toEqual(['main.main main.go:1', 'main.wait main.go:7'])
})

test('functions at one address were inlined', () => {
  const profile = read(
    'goroutine profile: total 1\n1 @ 0x11 0x21\n' +
      '#\t0x10\tmain.inner+0x1\ta.go:1\n#\t0x10\tmain.outer+0x1\ta.go:2\n#\t0x20\tmain.main+0x1\ta.go:3\n',
  )
  expect(pathOf(profile, 0)).toEqual(['main.main a.go:3', 'main.outer a.go:2', 'main.inner a.go:1'])
  expect(profile.locations.length).toBe(2)
})

test('heap counts what was sampled for what it stands for', () => {
  const profile = read(
    'heap profile: 1: 1024 [4: 8192] @ heap/4096\n' +
      '1: 1024 [4: 8192] @ 0x11\n#\t0x10\tmain.make+0x1\ta.go:1\n\n# runtime.MemStats\n# Alloc = 12\n',
  )
  // 1 / (1 - exp(-1024 / 2048)) = 2.541..., 1 / (1 - exp(-2048 / 2048)) = 1.581...
  expect(profile.samples.values.map((column) => column[0])).toEqual([6, 12959, 2, 2602])
  expect(profile.sampleTypes.map(({ type }) => type)).toEqual([
    'alloc_objects',
    'alloc_space',
    'inuse_objects',
    'inuse_space',
  ])
  expect(labelsOf(profile, 0)).toEqual({ bytes: 1024n })
  expect(profile.period).toBe(2048n)
})

test('contentions and cycles become counts and nanoseconds', () => {
  const profile = read(
    '--- mutex:\ncycles/second=2000000000\nsampling period=5\n' +
      '4000 3 @ 0x11\n#\t0x10\tsync.(*Mutex).Unlock+0x1\ta.go:1\n',
  )
  expect(profile.samples.values.map((column) => column[0])).toEqual([15, 10000])
  expect(inferProfileType(profile)).toBe('mutex')
})

test('a dump of goroutines keeps states, minutes and who created them', () => {
  const profile = read(
    [
      'goroutine 12 [chan receive, 33 minutes, locked to thread]:',
      'main.leak({0x1, 0x2}, func(0x3))',
      '\t/src/main.go:9 +0x1f',
      'main.(*T).loop(...)',
      '\t/src/main.go:19',
      'main.start(0xc000, 0x1?)',
      '\t/src/main.go:29 +0x2',
      '...23 frames elided...',
      'created by main.main in goroutine 1',
      '\t/src/main.go:39 +0x2',
      '',
      'goroutine 7 gp=0xc0 m=nil [select]:',
      'main.leak(0x0)',
      '\t/src/main.go:9 +0x1f',
      '',
    ].join('\n'),
  )
  expect(pathOf(profile, 0)).toEqual([
    'main.start /src/main.go:29',
    'main.(*T).loop /src/main.go:19',
    'main.leak /src/main.go:9',
  ])
  expect(labelsOf(profile, 0)).toEqual({
    createdBy: 'main.main',
    lockedToThread: 'true',
    minutes: 33n,
    state: 'chan receive',
  })
  expect(labelsOf(profile, 1)).toEqual({ state: 'select' })
  // `loop` was inlined into `start`.
  expect(profile.locations.length).toBe(2)
})

test('goroutines of one stack and state are one sample', () => {
  const stack = '[select]:\nmain.a()\n\ta.go:1 +0x1\n\n'
  const profile = read(`goroutine 1 ${stack}goroutine 2 ${stack}goroutine 3 ${stack}`)
  expect([...profile.samples.values[0]]).toEqual([3])
})

test('a truncated dump has a warning', () => {
  const text = 'goroutine 1 [select]:\nmain.a()\n\ta.go:1 +0x1\n\ngoroutine 2 [select]:\nmain.a()'
  expect(read(text).warnings.map(({ code }) => code)).toEqual(['dump_cut_off'])
})

test.each([
  ['goroutine profile: total 1\n1 @\n', 'line 2'],
  ['goroutine profile: total 1\nnonsense\n', 'line 2'],
  ['heap profile: 1: 1 [1: 1] @ heap/2\n0: 5 [1: 1] @ 0x1\n', 'line 2'],
  ['--- contention:\ncycles/second=1\n\nx\n', 'line 4'],
])('%j is refused by its line', (text, place) => {
  expect(() => read(text)).toThrow(ProfileFormatError)
  expect(() => read(text)).toThrow(place)
})

test.each(['', '\n\n', 'hello', 'a;b 1', '--- threadz 1 ---\n', 'goroutine', '\u0001goroutine'])(
  '%j is no dump',
  (text) => {
    expect(decodeTextDump(Buffer.from(text))).toBeNull()
  },
)

function read(text: string): Profile {
  const profile = decodeTextDump(Buffer.from(text))
  if (profile === null) throw new Error('this is no dump')
  checkProfile(profile)
  return profile
}

function pathOf({ samples, stacks, frames, funcs, strings }: Profile, sample: number): string[] {
  const path: string[] = []
  for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
    const frame = stacks.frame[stack]
    const func = frames.func[frame]
    path.unshift(`${strings[funcs.name[func]]} ${strings[funcs.file[func]]}:${frames.line[frame]}`)
  }
  return path
}

function labelsOf({ samples, labelSets, strings }: Profile, sample: number) {
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

test.each([
  ['goroutine 1 [select]:\nmain.a()\n\ta.go:1 +0x1\n\ngoroutine 2 [sel'],
  ['goroutine profile: total 2\n1 @ 0x1\n#\t0x1\tmain.a+0x1\ta.go:1\n\n1 @ 0x'],
  ['--- mutex:\ncycles/second=1\nsampling period=1\n1 1 @ 0x1\n#\t0x1\tmain.a+0x1\ta.go:1\n\n1 1'],
])('a dump may end in the middle of any line: %j', (text) => {
  const profile = read(text)
  expect(profile.samples.length).toBe(1)
  expect(profile.warnings.map(({ code }) => code)).toEqual(['dump_cut_off'])
})
