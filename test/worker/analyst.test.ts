import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { waitForAnalysis } from '../../collect/index.ts'
import type { Store } from '../../store/index.ts'
import { openAnalyst } from '../../worker/jobs/analyst.ts'
import { CRASH_RULES } from '../../worker/jobs/run-job.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { openTestPool, QUICK } from './open-test-worker.ts'
import { PATIENCE_MS } from '../patience.ts'
import { until } from '../until.ts'

test('the next profile is read while the result of one is written, and results do not pile up', async () => {
  const directory = join(await memoryDirectory(), 'data')
  const store = await openTestStore({ directory })
  const written = Promise.withResolvers<void>()
  let claimedCount = 0
  let waitingCount = 0
  const analyses = {
    ...store.analyses,
    claimNext: async (...args: Parameters<typeof store.analyses.claimNext>) => {
      const claim = await store.analyses.claimNext(...args)
      if (claim !== null) claimedCount += 1
      return claim
    },
    complete: async (...args: Parameters<typeof store.analyses.complete>) => {
      waitingCount += 1
      await written.promise
      return store.analyses.complete(...args)
    },
  }
  for (const text of ['good 1', 'good 2', 'good 3', 'good 4']) await addProfile(store, text)
  const analyst = openTestAnalyst(directory, { ...store, analyses })
  await analyst.drain()
  await until(() => waitingCount === 2)
  expect(claimedCount).toBe(2)
  written.resolve()
  await until(() => waitingCount === 4)
  await until(async () => (await store.analyses.backlog()).waitingCount === 0)
  expect(claimedCount).toBe(4)
})

test('a notification of an analysis that is over starts another that is due', async () => {
  const directory = join(await memoryDirectory(), 'data')
  const store = await openTestStore({ directory })
  const { analysisId } = await addProfile(store, 'good 1')
  await addProfile(store, 'good 2')
  const analyst = openTestAnalyst(directory, store)
  const request = { owner: 'another', leaseMs: 60_000, versions: VERSIONS }
  await store.analyses.claim(analysisId ?? '', request)
  await analyst.handleNotification(analysisId ?? '')
  expect((await store.analyses.backlog()).waitingCount).toBe(0)
})

test('what is uploaded while a worker looks in vain for more is started', async () => {
  const directory = join(await memoryDirectory(), 'data')
  const store = await openTestStore({ directory })
  const looked = Promise.withResolvers<void>()
  const mayEnd = Promise.withResolvers<void>()
  const analyses = {
    ...store.analyses,
    claimNext: async (...args: Parameters<typeof store.analyses.claimNext>) => {
      const claim = await store.analyses.claimNext(...args)
      looked.resolve()
      await mayEnd.promise
      return claim
    },
  }
  const analyst = openTestAnalyst(directory, { ...store, analyses })
  const first = await addProfile(store, 'good 1')
  await analyst.handleNotification(first.analysisId ?? '')
  await looked.promise
  const second = await addProfile(store, 'good 2')
  await analyst.handleNotification(second.analysisId ?? '')
  mayEnd.resolve()
  await until(async () => (await store.analyses.backlog()).waitingCount === 0)
  const end = await waitForAnalysis(store.profiles, second.profile.id, { timeoutMs: PATIENCE_MS })
  expect(end?.status).toBe('ready')
})

const VERSIONS = { decoder: '1', ruleSet: 'a' }

function openTestAnalyst(
  directory: string,
  store: Pick<Store, 'analyses' | 'blobs' | 'integrity'>,
) {
  const options = { ...QUICK, analysesMax: 1, leaseMs: 60_000 }
  const analyst = openAnalyst({
    options,
    store,
    pool: openTestPool(directory, options),
    versions: VERSIONS,
    crashRules: CRASH_RULES,
    log: { info: ignore, warn: ignore, error: ignore },
    metrics: { countAnalysis: () => undefined, observeInflateRatio: () => undefined },
    onCaptureRead: () => undefined,
  })
  onTestFinished(() => analyst.close())
  return analyst
}

function ignore(): void {}
