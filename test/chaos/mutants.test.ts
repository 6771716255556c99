import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../store/index.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore, STORE_DEFAULTS } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { until } from '../until.ts'
import { countBlobs, openTestSweep } from '../worker/open-test-sweep.ts'
import { type Mutant, mutantEnv } from './mutants.ts'

const LEASES = fileURLToPath(new URL('faults/leases-main.ts', import.meta.url))
const WRITER = fileURLToPath(new URL('kills/write-profiles-main.ts', import.meta.url))
const execute = promisify(execFile)

const HOUR_MS = 3_600_000
const LEASE_MS = 15_000
const REQUEST = { owner: 'test', leaseMs: LEASE_MS, versions: { decoder: '1', ruleSet: 'a' } }

// Each takes one protection away and must lose what that protects: else its tests would prove nothing.
describe('without its protection', () => {
  test('an older database over newer files loses files', async () => {
    const directory = await memoryDirectory()
    const first = await openStore({ ...STORE_DEFAULTS, directory })
    for (let index = 0; index < 40; index++) await addProfile(first, `old ${index}`)
    const database = new DatabaseSync(join(directory, 'kubeprof.db'))
    database.exec(`vacuum into '${join(directory, 'copy.db')}'`)
    database.close()
    for (let index = 0; index < 40; index++) await addProfile(first, `new ${index}`)
    await first.close()
    for (const suffix of ['', '-wal', '-shm']) {
      await rm(join(directory, `kubeprof.db${suffix}`), { force: true })
    }
    await cp(join(directory, 'copy.db'), join(directory, 'kubeprof.db'))
    const store = await openTestStore({ directory })
    const installation = { ...store.installation, check: findNothing, judgeOrphans: findNothing }
    await openTestSweep({ ...store, installation }, 48 * HOUR_MS).sweep.run()
    expect(await countBlobs(store)).toEqual({ stored: 40, trashed: 40 })
  })

  test('a step forward takes the analysis of a living worker away', async () => {
    const clock = { nowMs: Date.now() + 60_000 }
    const store = await openTestStore({ now: () => clock.nowMs })
    await addProfile(store, 'held')
    await store.analyses.claimNext('normal', REQUEST)
    const now = () => clock.nowMs
    const { sweep } = openTestSweep(store, 0, { now, monotonicMs: now })
    await sweep.run()
    clock.nowMs += HOUR_MS
    await sweep.run()
    expect(await store.analyses.backlog()).toMatchObject({ waitingCount: 1 })
  })

  test('a step back strands what waits', async () => {
    const clock = { nowMs: Date.now() + 60_000 }
    const store = await openTestStore({ now: () => clock.nowMs })
    await addProfile(store, 'waiting')
    clock.nowMs -= HOUR_MS
    const blind = { ...store, clock: { ...store.clock, pullBack: async () => 0 } }
    await openTestSweep(blind, 0, { now: () => clock.nowMs }).sweep.run()
    expect(await store.analyses.claimNext('normal', REQUEST)).toBeNull()
  })
})

describe('workers of one analysis', () => {
  test('what comes after its lease is discarded, and the third worker that dies of it is the last', async () => {
    expect(await playLeases()).toEqual({ isLateEndingTaken: false, claimCount: 3 })
  })

  test('when a lost lease is not noticed, a late worker ends what another holds', async () => {
    const found = await playLeases('a lost lease is not noticed')
    expect(found).toMatchObject({ isLateEndingTaken: true })
  })

  test('when a crash is counted at the end, what kills its worker is read for ever', async () => {
    const found = await playLeases('a crash is counted at the end')
    expect(found).toMatchObject({ claimCount: 10 })
  })
})

describe('two processes that write to one SQLite database', () => {
  test('wait for each other', async () => {
    const one = await startWriter()
    const other = await startWriter(one.directory)
    await until(() => one.lineCount() > 100 && other.lineCount() > 100)
    expect([one.errors(), other.errors()]).toEqual(['', ''])
  })

  test('fail when their transactions begin as readers', async () => {
    const env = mutantEnv('a transaction begins as a reader')
    const one = await startWriter('', env)
    const other = await startWriter(one.directory, env)
    const errors = () => `${one.errors()}${other.errors()}`
    await expect.poll(errors).toContain('The database does not answer.')
  })
})

/** How `leases-main.ts` went. */
async function playLeases(mutant?: Mutant): Promise<unknown> {
  const env = { ...process.env, ...(mutant === undefined ? {} : mutantEnv(mutant)) }
  const { stdout } = await execute(process.execPath, [LEASES, await memoryDirectory()], { env })
  return JSON.parse(stdout)
}

/** A process that receives profiles from two clients, until the test ends. */
async function startWriter(directory = '', env: Readonly<Record<string, string>> = {}) {
  const folder = directory === '' ? await memoryDirectory() : directory
  const child = spawn(process.execPath, [WRITER, folder, '2'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  let lineCount = 0
  let errors = ''
  child.stdout.on(
    'data',
    (bytes: Buffer) => (lineCount += bytes.filter((one) => one === 10).length),
  )
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  return { directory: folder, lineCount: () => lineCount, errors: () => errors }
}

async function findNothing(): Promise<null> {
  return null
}
