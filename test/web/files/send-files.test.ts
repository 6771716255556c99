import { expect, test } from 'vitest'
import { sendFiles, type SendNeeds, type Upload } from '../../../web/uploads/send-files.ts'

/** The list as it was after each change, and what arrives of a file named `good`; any other is refused. */
function opened() {
  let items: readonly Upload[] = []
  const seen: (readonly Pick<Upload, 'name' | 'sentShare' | 'failure'>[])[] = []
  const sent: string[] = []
  const needs: SendNeeds<string> = {
    change(update) {
      items = update(items)
      seen.push(items.map(({ name, sentShare, failure }) => ({ name, sentShare, failure })))
    },
    async upload({ name }, onProgress) {
      sent.push(name)
      onProgress(0.5)
      if (!name.startsWith('good')) throw new Error(`${name} is no profile`)
      return `stored ${name}`
    },
  }
  return { needs, seen, sent, items: () => items }
}

const file = (name: string) => ({ name, blob: new Blob([name]) })

test('a file is in the list while it is on its way, and gone from it when it arrived', async () => {
  const { needs, seen } = opened()
  expect(await sendFiles([file('good')], needs)).toBe('stored good')
  expect(seen).toEqual([
    [{ name: 'good', sentShare: 0, failure: null }],
    [{ name: 'good', sentShare: 0.5, failure: null }],
    [],
  ])
})

test('a file that is refused stays with the reason, and the next is sent all the same', async () => {
  const { needs, sent, items } = opened()
  const first = await sendFiles([file('bad'), file('good 1'), file('good 2')], needs)
  expect(sent).toEqual(['bad', 'good 1', 'good 2'])
  expect(first).toBe('stored good 1')
  expect(items()).toMatchObject([
    { name: 'bad', failure: { code: '', message: 'bad is no profile' } },
  ])
})

test('files are sent one at a time, in their order', async () => {
  const { needs, seen } = opened()
  await sendFiles([file('good 1'), file('good 2')], needs)
  expect(Math.max(...seen.map((items) => items.length))).toBe(1)
})

test('two files of one name are kept apart', async () => {
  const { needs, items } = opened()
  await sendFiles([file('bad'), file('bad')], needs)
  expect(new Set(items().map(({ id }) => id)).size).toBe(2)
})

test('what was left out of a stored file is told until the reader has seen it', async () => {
  const { needs, items } = opened()
  await sendFiles([file('good 1'), file('good 2')], {
    ...needs,
    noteOf: (reply) => (reply.endsWith('1') ? 'left out: link' : null),
  })
  expect(items()).toMatchObject([{ name: 'good 1', failure: null, note: 'left out: link' }])
})

test('where nothing arrives there is nothing to open', async () => {
  expect(await sendFiles([file('bad')], opened().needs)).toBeNull()
  expect(await sendFiles([], opened().needs)).toBeNull()
})
