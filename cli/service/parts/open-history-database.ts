import type { Logger } from 'pino'
import { type ClickhouseDatabase, openClickhouseDatabase } from '../../../history/index.ts'
import type { Settings } from '../../settings/settings.ts'
import { CommandError } from '../../terminal/command-error.ts'
import { readyCheck } from '../observe/ready-check.ts'
import type { Closers } from '../closers.ts'

interface DatabaseParts {
  readonly logger: Pick<Logger, 'warn'>
  readonly closers: Closers
}

/**
 * ClickHouse, where history lies in it. Its tables are made at once; where it does not answer the rest of the service
 * starts without it, and it is tried again with every use.
 */
export async function openHistoryDatabase(
  { history }: Pick<Settings, 'history'>,
  { logger, closers }: DatabaseParts,
): Promise<ClickhouseDatabase | null> {
  if (history.kind === 'blocks') return null
  const database = await connectHistory(history)
  closers.add(() => database.close())
  database.ready().catch((err: unknown) => logger.warn({ err }, 'ClickHouse does not answer'))
  return database
}

/** Throws a CommandError if the address is not valid. */
export async function connectHistory(history: Settings['history']): Promise<ClickhouseDatabase> {
  try {
    return await openClickhouseDatabase(history)
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(error.message)
    throw error
  }
}

/** Without ClickHouse uploads are accepted and analysed, and enter history later. */
export function historyChecks(database: ClickhouseDatabase | null) {
  if (database === null) return []
  return [
    readyCheck('history', false, async () => {
      await (await database.ready()).read('SELECT 1 FORMAT RowBinary')
    }),
  ]
}
