import type { ControlledTransaction, Kysely, Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { Write } from './write.ts'

interface Waiting {
  /** Runs the write and returns the function that fulfils its promise after the commit. */
  readonly run: (trx: Transaction<Schema>) => Promise<() => void>
  readonly reject: (error: unknown) => void
  /** Set once `run` failed: the promise is rejected already. */
  isRejected: boolean
}

const GROUP_MAX = 200

/**
 * One commit, and so one fsync, for all writes of an event-loop turn: with 16 clients, a write
 * would else wait for the fsyncs of 15 others. Each write is a savepoint, so a failed write does
 * not undo the others.
 */
export function groupCommit(db: Kysely<Schema>): Write {
  let waiting: Waiting[] = []
  let isScheduled = false

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, GROUP_MAX)
      waiting = waiting.slice(GROUP_MAX)
      await commitGroup(db, group)
    }
    isScheduled = false
  }

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({
        run: async (trx) => {
          const result = await work(trx)
          return () => resolve(result)
        },
        reject,
        isRejected: false,
      })
      if (isScheduled) return
      isScheduled = true
      setImmediate(() => void commitAll())
    })
}

/** Never rejects: every error goes to the promises of the group. */
async function commitGroup(db: Kysely<Schema>, group: readonly Waiting[]): Promise<void> {
  const fulfils: (() => void)[] = []
  try {
    const trx = await db.startTransaction().execute()
    try {
      for (const one of group) fulfils.push(await runInSavepoint(trx, one))
      await trx.commit().execute()
    } catch (error) {
      if (!trx.isCommitted)
        await trx
          .rollback()
          .execute()
          .catch(() => undefined)
      throw error
    }
    for (const fulfil of fulfils) fulfil()
  } catch (error) {
    for (const one of group) if (!one.isRejected) one.reject(error)
  }
}

async function runInSavepoint(
  trx: ControlledTransaction<Schema>,
  one: Waiting,
): Promise<() => void> {
  const saved = await trx.savepoint('one').execute()
  try {
    const fulfil = await one.run(saved)
    await saved.releaseSavepoint('one').execute()
    return fulfil
  } catch (error) {
    one.isRejected = true
    one.reject(error)
    // A full disk makes SQLite roll back the whole transaction: the savepoint and the group are
    // lost.
    const isRolledBack = await saved
      .rollbackToSavepoint('one')
      .execute()
      .then(
        () => true,
        () => false,
      )
    if (!isRolledBack) throw error
    await saved.releaseSavepoint('one').execute()
    return doNothing
  }
}

function doNothing(): void {}
