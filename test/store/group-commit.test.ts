import { sql, type Transaction } from 'kysely'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newBlobRow } from '../../store/schema/new-blob-row.ts'
import type { Schema } from '../../store/schema/schema.ts'
import { groupCommit } from '../../store/database/group-commit.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { memoryDirectory } from '../temporary-directory.ts'
import { until } from '../until.ts'

async function open() {
  const path = join(await memoryDirectory(), 'kubeprof.db')
  const { db, write, close } = await openSqlite({ path })
  onTestFinished(close)
  const idsOf = async () =>
    (await db.selectFrom('blob').select('id').orderBy('id').execute()).map(({ id }) => id)
  return { path, db, write, idsOf }
}

function add(id: string) {
  return async (trx: Transaction<Schema>): Promise<string> => {
    await trx
      .insertInto('blob')
      .values(newBlobRow({ key: id, sizeBytes: 1 }, 'raw', 1))
      .execute()
    return id
  }
}

test('each write gets its own result', async () => {
  const { write, idsOf } = await open()
  const ids = Array.from({ length: 450 }, (_, index) => `blob ${1000 + index}`)
  expect(await Promise.all(ids.map((id) => write(add(id))))).toEqual(ids)
  expect(await idsOf()).toEqual(ids)
})

test('what has been written is committed: another connection sees it', async () => {
  const { path, write } = await open()
  await Promise.all(['a', 'b'].map((id) => write(add(id))))
  const other = new DatabaseSync(path)
  expect(other.prepare('select count(*) as count from blob').get()).toEqual({ count: 2 })
  other.close()
})

test('the writes of one turn are one commit', async () => {
  const { path, write } = await open()
  const other = new DatabaseSync(path)
  onTestFinished(() => other.close())
  const counts: unknown[] = []
  const count = () => other.prepare('select count(*) as count from blob').get()?.['count']
  // Until the group commits, no other connection sees its first write.
  await Promise.all([
    write(add('a')),
    write(async (trx) => {
      counts.push(count())
      return add('b')(trx)
    }),
  ])
  expect([...counts, count()]).toEqual([0, 2])
})

test('a write that fails takes none of the others along', async () => {
  const { write, idsOf } = await open()
  const writes = [
    write(add('a')),
    write(async (trx) => {
      await add('half')(trx)
      throw new RangeError('no')
    }),
    write(add('a')),
    write(add('b')),
  ]
  const results = await Promise.allSettled(writes)
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
  ])
  expect(results[1]).toMatchObject({ reason: { name: 'RangeError', message: 'no' } })
  expect(await idsOf()).toEqual(['a', 'b'])
})

test('a write may follow from within the turn of another', async () => {
  const { write, idsOf } = await open()
  await write(add('a')).then((id) => write(add(`${id} again`)))
  expect(await idsOf()).toEqual(['a', 'a again'])
})

test('when the transaction itself is lost all of its writes are refused, and the next goes on', async () => {
  const { write, idsOf } = await open()
  const results = await Promise.allSettled([
    write(add('a')),
    write(async (trx) => {
      // As SQLite does of itself where the disk is full.
      await sql`rollback`.execute(trx)
      throw new RangeError('the disk is full')
    }),
    write(add('b')),
  ])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await write(add('c'))
  expect(await idsOf()).toEqual(['c'])
})

test('a write is over once it is durable, and the next is committed meanwhile', async () => {
  const { db, idsOf } = await open()
  const flushes: PromiseWithResolvers<void>[] = []
  const write = groupCommit(db, () => {
    const flush = Promise.withResolvers<void>()
    flushes.push(flush)
    return flush.promise
  })
  const over: string[] = []
  const first = write(add('a')).then((id) => over.push(id))
  await until(() => flushes.length === 1)
  const second = write(add('b'))
  await until(() => flushes.length === 2)
  expect(await idsOf()).toEqual(['a', 'b'])
  expect(over).toEqual([])
  flushes[0]?.resolve()
  await first
  expect(over).toEqual(['a'])
  flushes[1]?.reject(new RangeError('the disk failed'))
  await expect(second).rejects.toThrow('the disk failed')
})

test('a write that need not last is over once it is committed', async () => {
  const { db, idsOf } = await open()
  let flushCount = 0
  const write = groupCommit(db, async () => {
    flushCount += 1
    throw new RangeError('the disk failed')
  })
  expect(await write(add('a'), 'repeatable read', 'committed')).toBe('a')
  expect(flushCount).toBe(0)
  const both = [write(add('b')), write(add('c'), 'repeatable read', 'committed')]
  const results = await Promise.allSettled(both)
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  expect(await idsOf()).toEqual(['a', 'b', 'c'])
})
