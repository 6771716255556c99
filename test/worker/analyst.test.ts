import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openAnalyst } from '../../worker/jobs/analyst.ts'
import { CRASH_RULES } from '../../worker/jobs/run-job.ts'
import { addProfile } from '../store/new-profile.ts'
import { openTestStore } from '../store/open-store.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { openTestPool, QUICK } from './open-test-worker.ts'
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
  const options = { ...QUICK, analysesMax: 1, leaseMs: 60_000 }
  const log = { info: ignore, warn: ignore, error: ignore }
  const analyst = openAnalyst({
    options,
    store: { ...store, analyses },
    pool: openTestPool(directory, options),
    versions: { decoder: '1', ruleSet: 'a' },
    crashRules: CRASH_RULES,
    log,
    metrics: { countAnalysis: () => undefined, observeInflateRatio: () => undefined },
    onCaptureRead: () => undefined,
  })
  onTestFinished(() => analyst.close())
  await analyst.drain()
  await until(() => waitingCount === 2)
  expect(claimedCount).toBe(2)
  written.resolve()
  await until(() => waitingCount === 4)
  await until(async () => (await store.analyses.backlog()).waitingCount === 0)
  expect(claimedCount).toBe(4)
})

function ignore(): void {}
