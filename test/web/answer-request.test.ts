import { expect, test } from 'vitest'
import { profileFromFolded, RegexError } from '../../profile/index.ts'
import { answerRequest } from '../../web/view-worker/answer-request.ts'
import { cacheViews } from '../../web/view-worker/open-views.ts'
import { NO_FILTERS } from '../../web/view-state/view-state.ts'

const CPU = { type: 'cpu', unit: 'nanoseconds' }
const PROFILE = profileFromFolded('main;list;decode 30\nmain;watch 10', CPU)

function queryOf(filters: Partial<typeof NO_FILTERS> = {}, sampleType = 'cpu') {
  return { sampleType, filters: { ...NO_FILTERS, ...filters } }
}

test('a filter narrows what is shown, and shares stay those of the whole profile', async () => {
  const query = queryOf({ f: 'li.t' })
  const { totals, rows } = await answerRequest(cacheViews(PROFILE), { kind: 'top', query })
  expect(totals).toEqual({ ...CPU, total: 40, filteredTotal: 30 })
  expect(rows).toMatchObject([
    { name: 'decode', flat: 30, flatShare: 0.75 },
    { name: 'list', cum: 30 },
    { name: 'main', cum: 30 },
  ])
})

test('a sample type that the profile lacks shows the default one', async () => {
  const query = queryOf({}, 'inuse_space')
  const { totals } = await answerRequest(cacheViews(PROFILE), { kind: 'top', query })
  expect(totals).toMatchObject({ type: 'cpu', total: 40 })
})

test('a filter or a search that RE2 cannot read is refused', async () => {
  const views = cacheViews(PROFILE)
  const query = queryOf({ i: '(' })
  await expect(answerRequest(views, { kind: 'top', query })).rejects.toThrow(RegexError)
  const search = { kind: 'search', query: queryOf(), text: '(', isRegex: true } as const
  await expect(answerRequest(views, search)).rejects.toThrow(RegexError)
  const plain = await answerRequest(views, { ...search, isRegex: false })
  expect(plain.funcCount).toBe(0)
})

test('the flame graph is zoomed to the path that a key names', async () => {
  const views = cacheViews(PROFILE)
  const flame = { kind: 'flame', query: queryOf(), framesMax: 100, widthPx: 1000 } as const
  const whole = await answerRequest(views, { ...flame, zoom: '' })
  const list = whole.frames.find(({ name }) => name === 'list')
  const zoomed = await answerRequest(views, { ...flame, zoom: list?.key ?? '' })
  expect(zoomed).toMatchObject({ isZoomKnown: true, frameCount: 2, focusRow: 2 })
  expect(await answerRequest(views, { ...flame, zoom: 'gone' })).toMatchObject({
    isZoomKnown: false,
    focusRow: 0,
  })
})

test('peek and tags answer for one function and for labels', async () => {
  const views = cacheViews(PROFILE)
  const query = queryOf()
  const { item } = await answerRequest(views, { kind: 'peek', query, funcName: 'list' })
  expect(item).toMatchObject({ callers: [{ name: 'main' }], callees: [{ name: 'decode' }] })
  expect((await answerRequest(views, { kind: 'peek', query, funcName: 'gone' })).item).toBeNull()
  expect((await answerRequest(views, { kind: 'tags', query })).tags).toEqual([])
})

test('views are kept, the one that was not asked for longest goes first', async () => {
  const views = cacheViews(PROFILE)
  const first = await views.find(queryOf())
  for (const i of ['a', 'b', 'c', 'd']) await views.find(queryOf({ i }))
  expect(await views.find(queryOf())).toBe(first)
  const second = await views.find(queryOf({ i: 'a' }))
  await views.find(queryOf({ i: 'e' }))
  await views.find(queryOf({ i: 'g' }))
  expect(await views.find(queryOf({ i: 'a' }))).toBe(second)
  for (const i of ['h', 'j', 'k', 'l', 'm']) await views.find(queryOf({ i }))
  expect(await views.find(queryOf())).not.toBe(first)
})
