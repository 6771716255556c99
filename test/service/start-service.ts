import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect } from 'vitest'
import {
  makeClosers,
  openService,
  readSettings,
  readVersion,
  type Settings,
} from '../../cli/index.ts'
import { buildServer, type SettingsTokens } from '../../server/index.ts'
import { PATIENCE_MS } from '../patience.ts'
import { MEMORY_FOLDER } from '../temporary-directory.ts'
import { undescribedAnswers } from './api/undescribed-answers.ts'

export interface StartedService {
  /** For supertest. */
  readonly server: Awaited<ReturnType<typeof buildServer>>['server']
  readonly app: Awaited<ReturnType<typeof buildServer>>
  readonly directory: string
  /** The tokens of the settings, as a reload of the settings would replace them. */
  readonly settingsTokens: SettingsTokens
  /** All that was logged, one JSON line each. */
  readonly logLines: readonly string[]
  /** Fails when an answer was none of those that the OpenAPI description has for its operation. */
  readonly stop: () => Promise<void>
}

export interface StartServiceOptions {
  /** By path: `{ 'server.port': '0' }`. */
  readonly settings?: Readonly<Record<string, string>>
  readonly works?: boolean
  /** Whether captures are taken in this process. */
  readonly collects?: boolean
  /** The folder of the built web app; without it no pages are served. */
  readonly webDirectory?: string
}

/**
 * The whole service in this process, with real SQLite, files and decoder processes, in its own
 * folder.
 */
export async function startService({
  settings: flags = {},
  works = true,
  collects = false,
  webDirectory,
}: StartServiceOptions = {}): Promise<StartedService> {
  const directory = mkdtempSync(join(MEMORY_FOLDER, 'kubeprof-service-'))
  const settings: Settings = await readSettings({
    file: null,
    env: {},
    flags: {
      'store.directory': directory,
      'server.port': '0',
      'server.waitMsMax': String(PATIENCE_MS),
      'worker.viewMsMax': String(PATIENCE_MS),
      'store.freeBytesMin': '0',
      'store.reserveBytes': '0',
      ...flags,
    },
  })
  const logLines: string[] = []
  const logger = pino(
    { level: 'info', base: null },
    { write: (line: string) => logLines.push(line) },
  )
  const closers = makeClosers()
  const service = await openService(settings, {
    logger,
    closers,
    serves: true,
    works,
    ...(collects ? { collectEnv: {} } : {}),
  })
  const app = await buildServer({
    options: settings.server,
    version: await readVersion(),
    logger,
    webDirectory: webDirectory ?? join(directory, 'web'),
    ...service,
  })
  closers.add(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    server: app.server,
    app,
    directory,
    settingsTokens: service.settingsTokens,
    logLines,
    async stop() {
      await closers.closeAll()
      rmSync(directory, { recursive: true, force: true })
      expect(undescribedAnswers(app, logLines)).toEqual([])
    },
  }
}
