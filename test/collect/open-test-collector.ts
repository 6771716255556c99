import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Value } from 'typebox/value'
import {
  type Collector,
  CollectOptions,
  makeCollectMetrics,
  openCaptureReceiver,
  openCollector,
  openProfileReceiver,
  openReach,
} from '../../collect/index.ts'
import { openInProcessQueue } from '../../queue/index.ts'
import type { Store } from '../../store/index.ts'
import { describeCaptureFile, refuseHead } from '../../judge/index.ts'
import { openTestStore } from '../store/open-store.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

export interface TestCollector {
  readonly store: Store
  readonly directory: string
  /** Writes the targets file anew. */
  readonly write: (text: string) => Promise<void>
  readonly collector: Collector
  readonly metrics: () => Promise<string>
  /** All that was logged, by its text. */
  readonly logged: readonly string[]
}

export interface TestCollectorOptions {
  /** The targets file; `null` for none. */
  readonly file: string | null
  readonly options?: Partial<CollectOptions>
  /** Another collector over the same folder. */
  readonly directory?: string
}

/** A collector over real SQLite and files, quick about everything, until the test is over. */
export async function openTestCollector({
  file,
  options = {},
  directory: given,
}: TestCollectorOptions): Promise<TestCollector> {
  const directory = given ?? (await temporaryDirectory())
  const path = join(directory, 'targets.yaml')
  if (file !== null) await writeFile(path, file)
  const store = await openTestStore({ directory })
  const collect = Value.Default(CollectOptions, {
    targetsFile: file === null ? '' : path,
    targetsFilePollMs: 100,
    intervalMsMin: 100,
    tickMs: 50,
    leaseMs: 20_000,
    stopMs: 500,
    ...options,
  })
  if (!Value.Check(CollectOptions, collect)) throw new Error('the options are not valid')
  const queue = openInProcessQueue()
  const needs = { ...store, options: collect, queue, refuseHead, onNotifyFailed: () => undefined }
  const metrics = makeCollectMetrics()
  const logged: string[] = []
  const log = (_: object, text: string) => void logged.push(text)
  const collector = await openCollector({
    options: collect,
    store,
    profiles: openProfileReceiver(needs),
    files: openCaptureReceiver({ ...needs, describeFile: describeCaptureFile }),
    openReach: (plan) => openReach({ ...plan, env: {}, isInteractive: false }),
    metrics,
    log: { info: log, warn: log, error: log },
  })
  // Before the store is closed, which was opened before.
  onTestFinished(() => collector.close())
  return {
    store,
    directory,
    write: (text) => writeFile(path, text),
    collector,
    metrics: () => metrics.text(),
    logged,
  }
}
