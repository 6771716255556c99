import { expect, test, vi } from 'vitest'
import type { RequestedCapture } from '../../store/index.ts'
import { type FakeFleet, startFakeFleet } from './fake-fleet.ts'
import { openTestCollector, type TestCollector } from './open-test-collector.ts'
import { PATIENCE_MS } from '../patience.ts'
import { until } from '../until.ts'

/** Quick sets, so that a test need not wait for a CPU profile. What comes late is taken: a starved machine is late. */
const SETS = `
profileSets:
  quick: { goroutine: {}, heap: {}, metrics: {}, version: {} }
  cpu: { goroutine: {}, cpu: { seconds: 1 } }
`

test('scheduled captures are taken repeatedly, and visible', async () => {
  const fleet = await startFakeFleet()
  const opened = await openTestCollector({ file: fileFor(fleet, ['a', 'b'], { every: '1s' }) })
  // Until each was captured twice.
  await until(async () => {
    const counts = ['a', 'b'].map((name) => fleet.record(name).captureTimesMs.length)
    return Math.min(...counts) >= 2
  })
  await until(async () => (await complete(opened)).length >= 2)
  const [capture] = await complete(opened)
  expect(capture).toMatchObject({ origin: 'schedule', schedule: 's', goVersion: 'go1.26.8' })
  expect(capture?.parts.map(({ kind, state }) => [kind, state])).toEqual([
    ['goroutine', 'taken'],
    ['metrics', 'taken'],
    ['heap', 'taken'],
    ['version', 'taken'],
  ])
  const [process] = await opened.store.targets.processes(['a'])
  expect(process).toMatchObject({
    failureCount: 0,
    trouble: null,
    lastCapture: { id: expect.any(String) },
  })
  expect(await opened.metrics()).toMatch(
    /kubeprof_captures_total\{kind="heap".*result="taken"\} [1-9]/,
  )
  expect(fleet.records().map(({ openCountMax }) => openCountMax)).toEqual([1, 1])
})

test('a dead target does not delay the others, and its trouble is shown in words', async () => {
  const fleet = await startFakeFleet()
  const file = fileFor(fleet, ['a', 'dead'], { every: '600ms' })
  fleet.answer('dead', (request) => request.socket.destroy())
  const opened = await openTestCollector({ file })
  // Until the other was captured five times.
  await until(() => {
    return fleet.record('a').captureTimesMs.length >= 5
  })
  // Until the dead one was given up.
  await until(async () => {
    const [process] = await opened.store.targets.processes(['dead'])
    return (process?.failureCount ?? 0) >= 1
  })
  const [process] = await opened.store.targets.processes(['dead'])
  expect(process?.trouble).toMatchObject({ code: 'TARGET_UNREACHABLE' })
  expect(process?.trouble?.message).toContain('127.0.0.1')
})

test('a capture that was asked for is taken at once, and can be cancelled', async () => {
  const fleet = await startFakeFleet()
  const opened = await openTestCollector({ file: fileFor(fleet, ['a'], {}) })
  const { captures, targets } = opened.store
  await until(async () => (await targets.processes(['a'])).length === 1)
  const first = await ask(opened, { profiles: ['heap'], seconds: null })
  await until(async () => (await captures.find(first))?.status === 'complete')
  const second = await ask(opened, { profiles: ['metrics', 'cpu'], seconds: 120 })
  // Until it runs.
  await until(async () => {
    const parts = (await captures.find(second))?.parts ?? []
    return parts.some(({ kind, state }) => kind === 'cpu' && state === 'taking')
  })
  await captures.cancel(second)
  await until(async () => (await captures.find(second))?.status === 'cancelled')
  const parts = (await captures.find(second))?.parts ?? []
  expect(parts.map(({ kind, state }) => [kind, state])).toEqual([
    ['metrics', 'taken'],
    ['cpu', 'skipped'],
    ['metrics', 'skipped'],
  ])
  await until(() => fleet.record('a').openCount === 0)
})

test('a changed file is applied soon; an invalid one leaves the previous one in force, and is visible', async () => {
  const fleet = await startFakeFleet()
  const opened = await openTestCollector({ file: fileFor(fleet, ['a'], { every: '1s' }) })
  const { targets } = opened.store
  await until(() => fleet.record('a').captureTimesMs.length > 0)
  await opened.write('targets:\n  - { name: a, kind: pod }\n')
  // Until the fault is reported.
  await until(async () => {
    return ((await targets.fileState())?.faults.length ?? 0) > 0
  })
  expect((await targets.fileState())?.faults).toEqual([
    expect.stringMatching(/targets\.yaml:2:22: targets\.0\.kind: must be one of/),
  ])
  const seenCount = fleet.record('a').captureTimesMs.length
  // Until a is captured still.
  await until(() => {
    return fleet.record('a').captureTimesMs.length > seenCount
  })
  expect(await opened.metrics()).toContain('kubeprof_targets_file_last_reload_successful 0')
  await opened.write(fileFor(fleet, ['b'], { every: '1s' }))
  await until(() => fleet.record('b').captureTimesMs.length > 0)
  expect(await targets.find('a')).toBeNull()
  expect(await targets.fileState()).toMatchObject({ faults: [] })
  await expect
    .poll(() => opened.metrics())
    .toContain('kubeprof_targets_file_last_reload_successful 1')
})

test('of one group one is captured at a time, of a cluster as many as the setting says', async () => {
  const fleet = await startFakeFleet({ delayMs: 100 })
  let openCountMax = 0
  const names = ['a', 'b', 'c']
  await openTestCollector({
    file: fileFor(fleet, names, { every: '1s', more: 'concurrency: { group: ha, limit: 1 }' }),
  })
  // Until all were captured.
  await vi.waitUntil(
    () => {
      const open = fleet.records().reduce((sum, { openCount }) => sum + openCount, 0)
      openCountMax = Math.max(openCountMax, open)
      return names.every((name) => fleet.record(name).captureTimesMs.length > 0)
    },
    { timeout: PATIENCE_MS, interval: 10 },
  )
  expect(openCountMax).toBe(1)
})

test('a paused target is left alone, and taken again when it goes on', async () => {
  const fleet = await startFakeFleet()
  const opened = await openTestCollector({ file: fileFor(fleet, ['a', 'b'], { every: '600ms' }) })
  const { captures, targets } = opened.store
  const countOf = (name: string) => fleet.record(name).captureTimesMs.length
  const openOf = async (status: 'waiting' | 'running') =>
    (await captures.list({ target: 'a', status }, { limit: 1, cursor: null })).items.length
  await until(() => countOf('a') > 0)
  await targets.setPaused('a', true)
  await until(async () => (await openOf('waiting')) + (await openOf('running')) === 0)
  const [before, beforeOfOther] = [countOf('a'), countOf('b')]
  // The same schedule goes on meanwhile for the target that is not paused.
  await until(() => countOf('b') >= beforeOfOther + 4)
  expect(countOf('a')).toBe(before)
  await targets.setPaused('a', false)
  await until(() => countOf('a') > before)
})

test('a stopped collector ends running captures with the parts taken so far, and releases those not begun', async () => {
  const fleet = await startFakeFleet()
  const opened = await openTestCollector({
    file: fileFor(fleet, ['a'], {}),
    options: { stopMs: 100 },
  })
  const { captures, targets } = opened.store
  await until(async () => (await targets.processes(['a'])).length === 1)
  const id = await ask(opened, { profiles: ['metrics', 'cpu'], seconds: 120 })
  // Until it runs.
  await until(async () => {
    const parts = (await captures.find(id))?.parts ?? []
    return parts.some(({ kind, state }) => kind === 'cpu' && state === 'taking')
  })
  await opened.collector.close()
  expect(await captures.find(id)).toMatchObject({
    status: 'partial',
    error: { code: 'COLLECTOR_GONE' },
  })
  expect(await targets.processes(['a'])).toMatchObject([{ isLeased: false }])
})

test('a raised log level is put back', async () => {
  const fleet = await startFakeFleet()
  const opened = await openTestCollector({ file: fileFor(fleet, ['a'], {}) })
  const { captures, targets } = opened.store
  await until(async () => (await targets.processes(['a'])).length === 1)
  const verbosity = { level: 4, restoreTo: 2 }
  const id = await ask(opened, { profiles: ['heap'], seconds: null, verbosity })
  await until(async () => (await captures.find(id))?.status === 'complete')
  expect(fleet.record('a').verbosities).toEqual([4, 2])
  expect(await opened.store.processes.strandedVerbosities(9)).toEqual([])
})

interface FileOptions {
  /** A slot is missed when it is taken later than half of it. */
  readonly every?: string
  readonly take?: string
  /** More of each target. */
  readonly more?: string
}

function fileFor(
  fleet: FakeFleet,
  names: readonly string[],
  { every, take = 'quick', more }: FileOptions,
): string {
  const targets = names.map(
    (name) =>
      `  - { name: ${name}, kind: go, url: '${fleet.url(name)}'${more === undefined ? '' : `, ${more}`} }`,
  )
  const schedules =
    every === undefined
      ? ''
      : `schedules:\n  - { name: s, targets: [${names.join(', ')}], every: ${every}, take: ${take}, missed: run-once }`
  return `targets:\n${targets.join('\n')}\n${SETS}${schedules}\n`
}

async function complete({ store }: TestCollector) {
  const page = await store.captures.list({ status: 'complete' }, { limit: 50, cursor: null })
  return page.items
}

async function ask({ store }: TestCollector, request: RequestedCapture): Promise<string> {
  const [process] = await store.targets.processes(['a'])
  const [capture] = await store.captures.create([
    {
      origin: 'demand',
      target: 'a',
      component: null,
      instance: process?.instance ?? null,
      cluster: null,
      processKey: process?.key ?? null,
      schedule: null,
      request,
      seconds: null,
      labels: [],
      note: null,
    },
  ])
  return capture?.id ?? ''
}
