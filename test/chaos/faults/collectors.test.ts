import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { Store, StoredCapture } from '../../../store/index.ts'
import { type FakeFleet, type FakeRecord, startFakeFleet } from '../../collect/fake-fleet.ts'
import { openTestStore } from '../../store/open-store.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { CHAOS_TIMEOUT_MS, extent } from '../../extent.ts'
import { killAll, type KubeprofProcess, startKubeprof } from '../kubeprof-process.ts'
import { until } from '../../until.ts'

const ENV = {
  KUBEPROF_COLLECT_TICK_MS: '50',
  KUBEPROF_COLLECT_INTERVAL_MS_MIN: '100',
  // A collector that stands still longer may find its process captured by another.
  KUBEPROF_COLLECT_LEASE_MS: '5000',
  KUBEPROF_COLLECT_TARGETS_FILE_POLL_MS: '200',
  KUBEPROF_COLLECT_CAPTURES_MAX: '4',
}
const COLLECTOR_COUNT = 4

afterEach(() => killAll())

test(
  'four collectors capture each process one at a time, and each slot once',
  async () => {
    const names = namesOf(12)
    const fleet = await startFakeFleet({ delayMs: 40 })
    const directory = await folderFor(fleet, { names, every: '700ms' })
    const collectors = await startCollectors(directory, COLLECTOR_COUNT)
    const rounds = extent(8, 150)
    const isEnough = ({ captureTimesMs }: FakeRecord) => captureTimesMs.length >= rounds
    await vi.waitUntil(
      () => everyProcess(fleet, names, isEnough) && collectors.every(hasCaptured),
      CHAOS_TIMEOUT_MS,
    )
    await Promise.all(collectors.map((one) => one.end('SIGTERM')))
    const store = await openTestStore({ directory })
    const captures = await allCaptures(store)
    expect(captures.length).toBeGreaterThanOrEqual(names.length * rounds)
    expect(overlapsOf(fleet)).toEqual([])
    expect(repeatedSlots(captures)).toEqual([])
    expect(await unsound(store, captures)).toEqual([])
    expect(collectors.filter(hasCaptured)).toHaveLength(COLLECTOR_COUNT)
  },
  CHAOS_TIMEOUT_MS,
)

test(
  'collectors are killed during captures: nothing taken is lost or doubled, levels are put back, schedules go on',
  async () => {
    const names = namesOf(6)
    const fleet = await startFakeFleet({ delayMs: 120 })
    const directory = await folderFor(fleet, {
      names,
      every: '900ms',
      more: ', verbosity: { level: 4, restoreTo: 2 }',
    })
    const collectors = await startCollectors(directory, 2)
    const isUnderWay = () => fleet.records().some(({ verbosity }) => verbosity === 4)
    for (let kill = 0; kill < extent(4, 60); kill++) {
      await until(isUnderWay)
      await delay(Math.random() * 150)
      const [victim] = collectors.splice(0, 1)
      await victim?.end('SIGKILL')
      collectors.push(await startCollector(directory))
    }
    const before = fleet.records().map(({ captureTimesMs }) => captureTimesMs.length)
    const isAgain = ({ captureTimesMs }: FakeRecord, index: number) =>
      captureTimesMs.length > (before[index] ?? 0) + 1
    await until(() => everyProcess(fleet, names, isAgain))
    const store = await openTestStore({ directory })
    await store.schedules.setPaused('s', true)
    await until(async () => !(await allCaptures(store)).some(isOpen))
    await until(() => everyProcess(fleet, names, isRestored))
    const captures = await allCaptures(store)
    expect(captures.some(({ error }) => error?.code === 'COLLECTOR_GONE')).toBe(true)
    expect(repeatedSlots(captures)).toEqual([])
    expect(overlapsOf(fleet)).toEqual([])
    expect(await unsound(store, captures)).toEqual([])
  },
  CHAOS_TIMEOUT_MS,
)

interface FolderOptions {
  readonly names: readonly string[]
  readonly every: string
  /** More of the profile set. */
  readonly more?: string
}

async function folderFor(
  fleet: FakeFleet,
  { names, every, more = '' }: FolderOptions,
): Promise<string> {
  const directory = await temporaryDirectory()
  const targets = names.map((name) => `  - { name: ${name}, kind: go, url: '${fleet.url(name)}' }`)
  const file = [
    'targets:',
    ...targets,
    `profileSets: { quick: { goroutine: {}, heap: {}, metrics: {}${more} } }`,
    // A starved machine is late, and that is not what is tested here.
    `schedules: [{ name: s, targets: [${names.join(', ')}], every: ${every}, take: quick, missed: run-once }]`,
  ]
  await writeFile(join(directory, 'targets.yaml'), file.join('\n'))
  return directory
}

function namesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `p${index}`)
}

function startCollectors(directory: string, count: number): Promise<KubeprofProcess[]> {
  return Promise.all(Array.from({ length: count }, () => startCollector(directory)))
}

function startCollector(directory: string): Promise<KubeprofProcess> {
  const targets = join(directory, 'targets.yaml')
  const args = ['collect', '--data', directory, '--targets', targets]
  return startKubeprof(args, { env: { ...ENV, KUBEPROF_LOG_LEVEL: 'info' } })
}

function isOpen({ status }: StoredCapture): boolean {
  return status === 'waiting' || status === 'running'
}

/** A process has no record before its first request. */
function everyProcess(
  fleet: FakeFleet,
  names: readonly string[],
  is: (record: FakeRecord, index: number) => boolean,
): boolean {
  const records = fleet.records()
  return records.length === names.length && records.every(is)
}

function isRestored({ verbosity }: FakeRecord): boolean {
  return verbosity === 2
}

function hasCaptured(collector: KubeprofProcess): boolean {
  return collector.output().includes('capture ended')
}

async function allCaptures(store: Store): Promise<readonly StoredCapture[]> {
  const captures: StoredCapture[] = []
  let cursor: string | null = null
  do {
    const page = await store.captures.list({}, { limit: 500, cursor })
    captures.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return captures
}

/** Processes that were asked for two things at once. */
function overlapsOf(fleet: FakeFleet): readonly number[] {
  return fleet.records().flatMap(({ openCountMax }) => (openCountMax > 1 ? [openCountMax] : []))
}

function repeatedSlots(captures: readonly StoredCapture[]): readonly string[] {
  const slots = captures.map(
    ({ schedule, processKey, request }) => `${schedule} ${processKey} ${request?.slotAtMs}`,
  )
  return slots.filter((slot, index) => slots.indexOf(slot) !== index)
}

/** Parts that are marked as taken but have no bytes. */
async function unsound(
  store: Store,
  captures: readonly StoredCapture[],
): Promise<readonly string[]> {
  const bad: string[] = []
  for (const { id, parts } of captures) {
    const files = new Map((await store.captures.listFiles(id)).map((file) => [file.name, file]))
    for (const { fileName, state, profileId } of parts) {
      if (state !== 'taken') continue
      const file = files.get(fileName ?? '')
      const isThere =
        file !== undefined && (await store.blobs.get(file.blobKey))?.length === file.sizeBytes
      const isProfile = profileId === null || (await store.profiles.find(profileId)) !== null
      if (!isThere || !isProfile) bad.push(`${id} ${fileName}`)
    }
  }
  return bad
}
