import { writeFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { startService } from '../service/start-service.ts'
import { judgeHistory, readDirectory } from './judge-history.ts'
import { newHistory, uploadOne } from './uploaders.ts'

const FAILURE = JSON.stringify({
  code: 'PROFILE_INVALID',
  message: 'It is broken.',
  reason: 'varint',
  offsetBytes: 0,
})

// Each does harm that the judge must see: a judge that cannot find fault proves nothing.

test('a profile without its bytes, and one with other bytes, are lost', async () => {
  const { history, directory, judge } = await openUploaded(3)
  const { profiles } = await readDirectory(directory)
  const [kept, gone, changed] = history.acknowledged.map(({ id }) => id)
  const pathOf = (wanted: string | undefined) => {
    const key = profiles.find(({ id }) => id === wanted)?.rawBlobId ?? ''
    return join(directory, 'blobs', key.slice(0, 2), key)
  }
  await rm(pathOf(gone))
  await writeFile(pathOf(changed), 'other')
  const { lost, danglingCount } = await judge()
  expect(lost.map((line) => line.split(' ')[0])).toEqual([gone, changed])
  expect(lost.join()).not.toContain(kept)
  expect(danglingCount).toBe(1)
})

test('a profile whose row is gone is lost', async () => {
  const { history, harm, judge } = await openUploaded(1)
  harm('update profile set deletedAtMs = 1')
  expect(await judge()).toMatchObject({ lost: [`${history.acknowledged[0]?.id} 404`] })
})

test('a profile that no worker takes is stuck, and so is one that was given up', async () => {
  const { history, harm, judge } = await openUploaded(2)
  const [waiting, failed] = history.acknowledged.map(({ id }) => id)
  harm(
    `update analysis set state = 'failed', failureJson = '${FAILURE}' where profileId = '${failed}'`,
  )
  harm(`update profile set currentAnalysisId =
    (select id from analysis where profileId = '${failed}') where id = '${failed}'`)
  expect(await judge()).toMatchObject({ stuck: [`${waiting} received`, `${failed} failed`] })
})

test('two profiles with one dedupe key are one too many', async () => {
  const { harm, judge } = await openUploaded(2)
  harm('drop index profileDedupe')
  harm(`update profile set dedupeKey = 'same'`)
  expect(await judge()).toMatchObject({ duplicatedCount: 1 })
})

test('a profile that no client sent is unexpected', async () => {
  const { url, judge } = await openUploaded(1)
  const others = newHistory()
  await uploadOne(url, others)
  expect(await judge()).toMatchObject({ unexpected: [others.acknowledged[0]?.id] })
})

test('a database whose pages are damaged is not whole', async () => {
  const { harm, judge } = await openUploaded(1)
  harm(`pragma writable_schema = 1;
    update sqlite_schema set rootpage = 2 where name = 'profileDeleted'`)
  expect((await judge()).integrity).not.toBe('ok')
})

/** A server without a worker that has received so many profiles. */
async function openUploaded(count: number) {
  const { app, directory, stop } = await startService({ works: false })
  onTestFinished(stop)
  const [url = ''] = app.listeningOrigin.split(',')
  const history = newHistory()
  for (let one = 0; one < count; one++) await uploadOne(url, history)
  return {
    url,
    directory,
    history,
    harm: (sql: string) => {
      const database = new DatabaseSync(join(directory, 'kubeprof.db'), { defensive: false })
      database.exec(sql)
      database.close()
    },
    judge: () =>
      judgeHistory(history, { url, readState: () => readDirectory(directory), patienceMs: 0 }),
  }
}
