import type { ControlledTransaction, Kysely, Transaction } from 'kysely'
import type { Schema } from '../schema/schema.ts'
import type { Lasting, Write } from './write.ts'

interface Waiting {
  /** Runs the write and returns the function that fulfils its promise once it is durable. */
  readonly run: (trx: Transaction<Schema>) => Promise<() => void>
  readonly reject: (error: unknown) => void
  readonly lasting: Lasting
  /** Set once `run` failed: the promise is rejected already. */
  isRejected: boolean
}

/** Between groups the event loop turns, so that many writes do not keep others from being answered. */
const GROUP_MAX = 32

/**
 * One commit for all writes of an event-loop turn. `flush` makes what was committed before durable; the next group is
 * committed meanwhile. Of several writes each is a savepoint, so a failed write does not undo the others.
 */
export function groupCommit(db: Kysely<Schema>, flush: () => Promise<void>): Write {
  const waiting: Waiting[] = []
  let isScheduled = false

  async function commitNext(): Promise<void> {
    await commitGroup(db, waiting.splice(0, GROUP_MAX), flush)
    isScheduled = waiting.length > 0
    if (isScheduled) setImmediate(() => void commitNext())
  }

  return (work, _isolation, lasting = 'durable') =>
    new Promise((resolve, reject) => {
      waiting.push({
        run: async (trx) => {
          const result = await work(trx)
          return () => resolve(result)
        },
        reject,
        lasting,
        isRejected: false,
      })
      if (isScheduled) return
      isScheduled = true
      setImmediate(() => void commitNext())
    })
}

/** Settles when the group is committed, and does not wait until it is durable. Never rejects. */
async function commitGroup(
  db: Kysely<Schema>,
  group: readonly Waiting[],
  flush: () => Promise<void>,
): Promise<void> {
  const rejectAll = (error: unknown) => {
    for (const one of group) if (!one.isRejected) one.reject(error)
  }
  try {
    const written = await commit(db, group)
    const fulfil = (which: Lasting) => {
      for (const { lasting, onEnd } of written) if (lasting === which) onEnd()
    }
    fulfil('committed')
    if (written.every(({ lasting }) => lasting === 'committed')) return
    // Promises that are fulfilled already ignore a rejection.
    void flush().then(() => fulfil('durable'), rejectAll)
  } catch (error) {
    rejectAll(error)
  }
}

interface Written {
  readonly lasting: Lasting
  /** Fulfils the promise. */
  readonly onEnd: () => void
}

/** Returns the writes that did not fail. */
async function commit(db: Kysely<Schema>, group: readonly Waiting[]): Promise<readonly Written[]> {
  const trx = await db.startTransaction().execute()
  try {
    const isAlone = group.length === 1
    const written: Written[] = []
    for (const one of group) {
      const onEnd = isAlone ? await one.run(trx) : await runInSavepoint(trx, one)
      written.push({ lasting: one.lasting, onEnd })
    }
    await trx.commit().execute()
    return written
  } catch (error) {
    if (!trx.isCommitted)
      await trx
        .rollback()
        .execute()
        .catch(() => undefined)
    throw error
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
