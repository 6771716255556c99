import { readdir, readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { judgeCapture, loadRules, readCapture } from '../../../judge/index.ts'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { judgeFiles } from '../../../web/local-profiles/judge-capture.ts'

const FOLDER = new URL('../../../examples/kcm-endpoints-throttled/', import.meta.url)
const { ruleSet } = await loadRules()

async function filesOfExample() {
  const names = (await readdir(FOLDER)).toSorted()
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(new URL(name, FOLDER)), nowMs: 0 })),
  )
}

const CPU_TYPE = { type: 'cpu', unit: 'nanoseconds' }
const CPU = encodeProfile(profileFromFolded('main;work 5', CPU_TYPE))
const textFile = (name: string, text: string) => ({
  name,
  bytes: new TextEncoder().encode(text),
  nowMs: 0,
})
const JUNK = new TextEncoder().encode('<!doctype html><title>Sign in</title>')

test('the files of a process are judged together in the browser as Node judges them', async () => {
  const metrics = 'process_start_time_seconds 1700000000\ngo_info{version="go1.24.1"} 1\n'
  const page = { name: 'metrics.txt', bytes: new TextEncoder().encode(metrics), nowMs: 0 }
  const files = [...(await filesOfExample()), page]
  const { summary, profiles, reports } = await judgeFiles(files, ruleSet)
  const capture = await readCapture(files.map(({ name, bytes }) => ({ name, read: () => bytes })))
  const source = { component: summary.component, address: null, earlier: [] }
  expect(summary.seconds).toBe(15)
  expect(reports).toEqual(judgeCapture(capture, source, ruleSet).reports)
  expect(profiles.map((profile) => profile.summary.fileName)).toEqual(
    capture.profiles.map(({ name }) => name),
  )
})

test('a file that cannot be read is a failed part and a note, and the others are judged', async () => {
  const files = [
    { name: 'cpu.pb', bytes: CPU, nowMs: 0 },
    { name: 'heap.pb.gz', bytes: JUNK, nowMs: 0 },
    { name: 'capture.json', bytes: new TextEncoder().encode('{"component":"etcd"}'), nowMs: 0 },
  ]
  const { summary, reports } = await judgeFiles(files, ruleSet)
  expect(summary.component).toBe('etcd')
  expect(summary.parts).toMatchObject([
    { kind: 'cpu', state: 'taken', error: null },
    { kind: 'heap', state: 'failed', error: { code: 'NOT_A_PROFILE' } },
  ])
  expect(reports.en.notes.map(({ code }) => code)).toContain('file_unreadable')
})

test('an execution trace without profiles is a capture that nothing judges', async () => {
  const trace = new URL('../../fixtures/traces/go126-mixed.out.gz', import.meta.url)
  const files = [{ name: 'trace.out', bytes: gunzipSync(await readFile(trace)), nowMs: 0 }]
  const { summary, profiles, requests } = await judgeFiles(files, ruleSet)
  expect(summary.parts).toMatchObject([{ kind: 'trace', state: 'taken' }])
  expect([profiles, requests, summary.worstFinding]).toEqual([[], null, null])
})

test('requests a second are known where metrics are from before and after, and the times too', async () => {
  const files = [
    { name: 'cpu.pb', bytes: CPU, nowMs: 0 },
    textFile('metrics-before.txt', 'apiserver_request_total{code="200"} 1000\n'),
    textFile('metrics.txt', 'apiserver_request_total{code="200"} 1600\n'),
  ]
  const times = { startedAt: '2026-03-01T12:00:00Z', finishedAt: '2026-03-01T12:00:30Z' }
  const timed = textFile('capture.json', JSON.stringify({ component: 'kube-apiserver', ...times }))
  expect((await judgeFiles([...files, timed], ruleSet)).requests).toEqual({
    metric: 'apiserver_request_total',
    requestsPerSecond: 20,
  })
  expect((await judgeFiles(files, ruleSet)).requests).toBeNull()
  const times10s = { timeNs: 1_700_000_000_000_000_000n, durationNs: 10_000_000_000n }
  const bytes = encodeProfile(profileFromFolded('main;work 5', CPU_TYPE, times10s))
  const byProfile = [...files.slice(1), { name: 'cpu.pb', bytes, nowMs: 1_800_000_000_000 }]
  expect((await judgeFiles(byProfile, ruleSet)).requests).toMatchObject({ requestsPerSecond: 60 })
})

test('files without a profile are refused', async () => {
  const files = [{ name: 'metrics.txt', bytes: JUNK, nowMs: 0 }]
  await expect(judgeFiles(files, ruleSet)).rejects.toMatchObject({ code: 'BUNDLE_INVALID' })
})
