import { expect, test } from 'vitest'
import { CaptureKind } from '../../api/index.ts'
import { planCapture } from '../../collect/index.ts'
import { captureFileOf } from '../../diagnosis/index.ts'

test.each([
  ['cpu.pb.gz', 'profile', 'cpu'],
  ['node-1/heap.pprof', 'profile', 'heap'],
  ['goroutine-debug2.txt.gz', 'profile', 'goroutine'],
  ['mutex.prof', 'profile', 'mutex'],
  ['whatever.pb', 'profile', null],
  ['metrics.txt', 'metrics', null],
  ['metrics-before.txt.gz', 'metrics-before', null],
  ['version.json', 'version', null],
  ['kube-apiserver.log.gz', 'log', null],
  ['trace.out', 'trace', null],
  ['readme.txt', 'other', null],
  // What a Mac's tar adds to each file.
  ['capture/._cpu.pb.gz', 'other', null],
])('%s is a file of kind %s', (name, kind, type) => {
  expect(captureFileOf(name)).toMatchObject({ kind, type })
})

test('every name that captures are written with is known, but for the pages that no rule reads', () => {
  const { parts } = planCapture(null, { seconds: 1, kinds: CaptureKind.enum })
  const names = parts.map(({ fileName }) => fileName)
  expect(names).toContain('metrics-before.txt.gz')
  const others = names.filter((name) => captureFileOf(name).kind === 'other')
  expect(others).toEqual(['healthz.txt', 'statusz.txt'])
})

test('the same file of two captures has one plain name, gzipped or not, wherever it lies', () => {
  expect(captureFileOf('a/cpu.pb.gz').plainName).toBe(captureFileOf('b/c/cpu.pb').plainName)
})
