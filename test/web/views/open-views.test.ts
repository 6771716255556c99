import { expect, test } from 'vitest'
import { cacheViews } from '../../../web/view-worker/open-views.ts'
import { cpuProfile, query } from './open-folded.ts'

const profile = cpuProfile('main;list;decode 2 20\nmain;watch 1 10')

function queryOf(index: number) {
  return query({ f: `list|${index}` })
}

test('a query that was asked before is answered by the view that was opened for it', async () => {
  const views = cacheViews(profile)
  const first = await views.find(query())
  expect(await views.find(query())).toBe(first)
  expect(await views.find(query({ f: 'list' }))).not.toBe(first)
})

test('the least recently asked of seven is forgotten, and the other six are kept', async () => {
  const views = cacheViews(profile)
  const opened = []
  for (let index = 0; index < 6; index++) opened.push(await views.find(queryOf(index)))
  // Asked again, the first is no longer the oldest.
  expect(await views.find(queryOf(0))).toBe(opened[0])
  await views.find(queryOf(6))
  for (const index of [0, 2, 3, 4, 5]) expect(await views.find(queryOf(index))).toBe(opened[index])
  expect(await views.find(queryOf(1))).not.toBe(opened[1])
})

test('a view is of the sample type that is named, else of the default', async () => {
  const views = cacheViews(profile)
  const totalOf = async (sampleType: string) =>
    (await views.find(query({ sampleType }))).total.value
  expect(await totalOf('samples')).toBe(3)
  expect(await totalOf('cpu')).toBe(30)
  expect(await totalOf('')).toBe(30)
  expect(await totalOf('no such type')).toBe(30)
})

test('filters apply, and shares stay of the whole', async () => {
  const { total, filteredTotal } = await cacheViews(profile).find(query({ f: 'list' }))
  expect({ total: total.value, filtered: filteredTotal.value }).toEqual({ total: 30, filtered: 20 })
})

test('a filter that is no regular expression is refused, and not kept', async () => {
  const views = cacheViews(profile)
  await expect(views.find(query({ f: '(' }))).rejects.toMatchObject({ name: 'RegexError' })
  await expect(views.find(query({ f: '(' }))).rejects.toMatchObject({ name: 'RegexError' })
})
