import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newBlobRow } from '../../store/schema/new-blob-row.ts'
import { type Batch, together } from '../../store/database/together.ts'
import { openSqlite } from '../../store/database/sqlite-database.ts'
import { memoryDirectory } from '../temporary-directory.ts'

async function open() {
  const { db, write, close } = await openSqlite({
    path: join(await memoryDirectory(), 'kubeprof.db'),
  })
  onTestFinished(close)
  const idsOf = async () =>
    (await db.selectFrom('blob').select('id').orderBy('id').execute()).map(({ id }) => id)
  return { db, write, idsOf }
}

const insert = ({ db }: Batch, id: string) =>
  db.insertInto('blob').values(newBlobRow({ key: id, sizeBytes: 1 }, 'raw', 1))

test('statements run in the order of their calls, those that nobody waits for too', async () => {
  const { write, idsOf } = await open()
  const seen = await write((trx) =>
    together(trx, async (batch) => {
      batch.send(insert(batch, 'a'))
      const rows = batch.run(batch.db.selectFrom('blob').select('id'))
      batch.send(insert(batch, 'b'))
      return rows
    }),
  )
  expect(seen).toEqual([{ id: 'a' }])
  expect(await idsOf()).toEqual(['a', 'b'])
})

test('a statement that fails and that nobody waits for undoes the write', async () => {
  const { write, idsOf } = await open()
  const written = write((trx) =>
    together(trx, async (batch) => {
      for (const id of ['a', 'b', 'a']) batch.send(insert(batch, id))
    }),
  )
  await expect(written).rejects.toThrow(/UNIQUE/i)
  expect(await idsOf()).toEqual([])
})

test('what is called after its batch has failed does not run', async () => {
  const { write, idsOf } = await open()
  let last: Promise<unknown> = Promise.resolve()
  const written = write((trx) =>
    together(trx, async (batch) => {
      const later = async () => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        await batch.run(insert(batch, 'late'))
      }
      last = later()
      last.catch(() => undefined)
      throw new Error('this one fails')
    }),
  )
  await expect(written).rejects.toThrow('this one fails')
  await expect(last).rejects.toThrow(/batch had ended/)
  expect(await idsOf()).toEqual([])
})
