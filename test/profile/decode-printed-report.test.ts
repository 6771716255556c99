import { expect, test } from 'vitest'
import { readProfile } from '../../gzip/node.ts'
import { checkProfile, inferProfileType, type Profile } from '../../profile/index.ts'
import { labelsOf, namedStacksOf } from './named-stacks.ts'

const HEADER = [
  'File: kube-apiserver',
  'Build ID: fe4bb8',
  'Type: cpu',
  'Time: 2026-11-21 08:03:19 UTC',
  'Duration: 15.06s, Total samples = 1s (6.64%)',
  '',
].join('\n')

test('-top becomes what each function spent itself, and the rest of the total', () => {
  const profile = read(
    `${HEADER}Showing nodes accounting for 0.70s, 70.00% of 1s total
Dropped 3 nodes (cum <= 0.01s)
      flat  flat%   sum%        cum   cum%
     0.50s 50.00% 50.00%      0.60s 60.00%  main.(*T[go.shape.struct { A string }]).work (inline)
     200ms 20.00% 70.00%      0.20s 20.00%  main.leaf /src/main.go:12
         0     0% 70.00%      0.90s 90.00%  main.main
`,
  )
  expect(namedStacksOf(profile)).toEqual({
    'main.(*T[go.shape.struct { A string }]).work :0': 500_000_000,
    'main.leaf /src/main.go:12': 200_000_000,
    '(left out by pprof) :0': 300_000_000,
  })
  expect(inferProfileType(profile)).toBe('cpu')
  expect(profile.sampleTypes).toEqual([{ type: 'cpu', unit: 'nanoseconds' }])
  expect(profile.durationNs).toBe(15_060_000_000n)
  expect(new Date(Number(profile.timeNs / 1_000_000n)).toISOString()).toBe(
    '2026-11-21T08:03:19.000Z',
  )
  expect(profile.strings[profile.mappings.file[0]]).toBe('kube-apiserver')
  expect(textOf(profile)).toContain('pprof -top')
})

test('-top of a heap is in bytes, and one of goroutines in numbers', () => {
  const heap = HEADER.replace('cpu', 'inuse_space').replace(/Duration.*\n/, '')
  expect(namedStacksOf(read(heap + rowOf('1.50MB')))).toEqual({ 'main.a :0': 1_572_864 })
  const profile = read(heap.replace('inuse_space', 'goroutine') + rowOf('12'))
  expect(namedStacksOf(profile)).toEqual({ 'main.a :0': 12 })
  expect(profile.sampleTypes).toEqual([{ type: 'goroutine', unit: 'count' }])
})

test('-tree becomes stacks in which flat, cum and edges are those that are printed', () => {
  const line = '----------------------------------------------------------+-------------\n'
  const profile = read(
    `${HEADER}Showing nodes accounting for 1s, 100% of 1s total
${line}      flat  flat%   sum%        cum   cum%   calls calls% + context
${line}                                             0.30s 50.00% |   main.b
                                             0.30s 50.00% |   main.c (inline)
     0.60s 60.00% 60.00%      0.60s 60.00%                | main.leaf
${line}         0     0% 60.00%         1s   100%                | main.main
                                             0.50s 50.00% |   main.b
                                             0.50s 50.00% |   main.c
${line}                                             0.50s   100% |   main.main
     0.20s 20.00% 80.00%      0.50s 50.00%                | main.b
                                             0.30s 60.00% |   main.leaf
${line}                                             0.50s   100% |   main.main
     0.10s 10.00% 90.00%      0.50s 50.00%                | main.c
                                             0.30s 60.00% |   main.leaf
${line}`,
  )
  expect(namedStacksOf(profile)).toEqual({
    'main.main :0;main.b :0': 200_000_000,
    'main.main :0;main.b :0;main.leaf :0': 300_000_000,
    'main.main :0;main.c :0': 100_000_000,
    'main.main :0;main.c :0;main.leaf :0': 300_000_000,
    // c called something that is not shown.
    'main.main :0;main.c :0;(left out by pprof) :0': 100_000_000,
  })
  expect(textOf(profile)).toContain('-tree')
})

test('-traces keeps stacks and labels', () => {
  const line = '-----------+-------------------------------------------------------\n'
  const profile = read(
    `${HEADER}${line}      verb:  LIST
     bytes:  64kB
      10ms   main.leaf (inline)
             main.main
${line}     1.50s   main.(*T).run /src/my/main.go:7
             main.main
${line}`,
  )
  expect(namedStacksOf(profile)).toEqual({
    'main.main :0;main.leaf :0': 10_000_000,
    'main.main :0;main.(*T).run /src/my/main.go:7': 1_500_000_000,
  })
  expect(labelsOf(profile, 0)).toEqual({ verb: 'LIST', bytes: '64kB' })
})

test('-raw is read whole', () => {
  const profile = read(`PeriodType: cpu nanoseconds
Period: 10000000
Time: 2026-11-21 08:12:37.70637117 +0000 UTC
Duration: 2.00
Samples:
samples/count cpu/nanoseconds[dflt]
          1   10000000: 1 2${' '}
                verb:[LIST] resource:[pods]
                bytes:[64 bytes]
         -2   20000000: 2${' '}
          3   30000000:${' '}
Locations
     1: 0x410dad M=1 main.inner /src/a.go:8:0 s=5
             main.outer /src/my a.go:9:2 s=6(sys)
     2: 0x4c3e70 M=1${' '}
Mappings
1: 0x400000/0x724000/0x0 /opt/a b.bin 232a [FN][IN]
`)
  expect(namedStacksOf(profile)).toEqual({
    'undefined undefined:0;main.outer /src/my a.go:9;main.inner /src/a.go:8': 1,
    'undefined undefined:0': -2,
    '': 3,
  })
  expect(profile.period).toBe(10_000_000n)
  expect(profile.defaultSampleType).toBe('cpu')
  expect(labelsOf(profile, 0)).toEqual({ verb: 'LIST', resource: 'pods', bytes: 64n })
  expect(profile.strings[profile.mappings.file[0]]).toBe('/opt/a b.bin')
  expect(profile.locations.address[0]).toBe(0x410dadn)
  expect(textOf(profile)).toContain('-raw')
})

test('truncated -raw has a warning', () => {
  const text =
    'PeriodType: cpu nanoseconds\nSamples:\ncpu/nanoseconds\n          1: 1 2 \nLocations\n'
  expect(() => read(text)).toThrow('the text of pprof -raw is cut or changed: location 1')
})

function read(text: string): Profile {
  const profile = readProfile(Buffer.from(text))
  checkProfile(profile)
  const hasStacks = /^(?:Samples:|-{11}\+)/m.test(text)
  expect(profile.warnings.map(({ code }) => code)).toEqual([
    hasStacks ? 'partial_text' : 'partial_stacks',
  ])
  return profile
}

function textOf({ warnings }: Profile): string {
  return warnings.map(({ text }) => text).join()
}

function rowOf(flat: string): string {
  return (
    `Showing nodes accounting for ${flat}, 100% of ${flat} total\n` +
    `      flat  flat%   sum%        cum   cum%\n  ${flat}   100%   100%   ${flat}   100%  main.a\n`
  )
}
