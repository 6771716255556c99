import { expect, test } from 'vitest'
import { CAPTURE_FILE_NAMES, captureFileOf } from '../../diagnosis/index.ts'

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

test('every name that captures are written with is known', () => {
  const kinds = Object.values(CAPTURE_FILE_NAMES).map((name) => captureFileOf(name).kind)
  expect(kinds).not.toContain('other')
})

test('the same file of two captures has one plain name, gzipped or not, wherever it lies', () => {
  expect(captureFileOf('a/cpu.pb.gz').plainName).toBe(captureFileOf('b/c/cpu.pb').plainName)
})
