import { existsSync, realpathSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { DEFAULT_SPACE } from '../../api/index.ts'
import { lockDirectory, openStore, type Store } from '../../store/index.ts'
import { assertDatabase, hasDatabase } from '../service/has-database.ts'
import { explainStartError } from '../service/start-error.ts'
import type { Settings } from '../settings/settings.ts'
import { CommandError } from '../terminal/command-error.ts'

export interface OpenOptions {
  /** False where a store that is not there is a mistake. */
  readonly isMade: boolean
  /** Whether no server may serve from it meanwhile. */
  readonly isAlone: boolean
}

/** Runs the work on the store of these settings, and closes it. Throws a CommandError. */
export async function withStore<Result>(
  settings: Settings,
  { isMade, isAlone }: OpenOptions,
  work: (store: Store) => Promise<Result>,
): Promise<Result> {
  const { kind, directory } = settings.store
  if (!isMade) await assertDatabase(settings.store)
  const store = await openStore({
    ...settings.store,
    blobs: settings.blobs,
    migrates: true,
    onDiskFailure: () => undefined,
  }).catch((error: unknown) => {
    throw explainStartError(error, settings.server)
  })
  const lock = isAlone && kind === 'sqlite' ? lockDirectory(directory, 'serve') : undefined
  try {
    if (lock === null) {
      throw new CommandError(`a kubeprof serves from ${directory}: stop it first`, 69)
    }
    return await work(store)
  } catch (error) {
    throw explainStartError(error, settings.server)
  } finally {
    lock?.release()
    await store.close()
  }
}

/** Throws a CommandError where the folder holds no backup. */
export async function assertBackup(folder: string): Promise<void> {
  if (await hasDatabase(folder)) return
  throw new CommandError(
    `there is no backup in ${folder}: it has no kubeprof.db; kubeprof backup DIR makes one`,
  )
}

/** Throws a CommandError where a backup and the data would be one folder. */
export function assertOther({ store }: Settings, folder: string): void {
  if (store.kind !== 'sqlite' || realPath(folder) !== realPath(store.directory)) return
  throw new CommandError(`${folder} is the data folder itself; a backup is in another folder`)
}

/** The folder that a path leads to through links; the path as it is where there is none. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path)
}

/** The settings of a backup: rows and files in one folder. */
export function settingsOfFolder(settings: Settings, directory: string): Settings {
  return {
    ...settings,
    store: { ...settings.store, kind: 'sqlite', directory },
    blobs: { ...settings.blobs, kind: 'files' },
  }
}

/** Notes in the audit log what a command did to the whole store. */
export async function noteCommand(
  { audit }: Pick<Store, 'audit'>,
  action: string,
  details: object,
): Promise<void> {
  await audit.add({
    action,
    outcome: 'done',
    actor: userInfo().username,
    actorKind: 'command',
    space: DEFAULT_SPACE,
    object: null,
    address: null,
    requestId: null,
    detailsJson: JSON.stringify(details),
  })
}
