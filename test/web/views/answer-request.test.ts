import { describe, expect, test } from 'vitest'
import { answerRequest } from '../../../web/view-worker/answer-request.ts'
import { cacheViews } from '../../../web/view-worker/open-views.ts'
import { cpuProfile, query } from './open-folded.ts'

const LINES = [
  'main.main;k8s.io/apiserver.list;encoding/json.Marshal 6 60',
  'main.main;k8s.io/apiserver.list;runtime.mallocgc 2 20',
  'main.main;k8s.io/apiserver.watch 1 10',
  'runtime.gcBgMarkWorker 1 10',
]
const views = cacheViews(cpuProfile(LINES.join('\n')))
const TOTALS = { type: 'cpu', unit: 'nanoseconds', total: 100, filteredTotal: 100 }

describe('the flame graph', () => {
  test('holds the frames below the root, each with a unique key', async () => {
    const reply = await flame('')
    expect(reply).toMatchObject({ isZoomKnown: true, totals: TOTALS })
    expect(reply.frames.map(({ name }) => name)).toContain('encoding/json.Marshal')
    expect(new Set(reply.frames.map(({ key }) => key)).size).toBe(reply.frames.length)
    expect(reply.frames[0]).toMatchObject({ key: '', cum: 100 })
  })

  test('is drawn from the frame that a key names, with its callers above', async () => {
    const whole = await flame('')
    const list = whole.frames.find(({ name }) => name === 'k8s.io/apiserver.list')
    const zoomed = await flame(list?.key ?? '')
    expect(zoomed.isZoomKnown).toBe(true)
    expect(zoomed.frames[zoomed.focusRow]).toMatchObject({ name: 'k8s.io/apiserver.list', cum: 80 })
    expect(zoomed.frames.map(({ name }) => name)).not.toContain('k8s.io/apiserver.watch')
    expect(zoomed.frameCount).toBe(3)
  })

  test('shows the root, and reports this, when the view has no frame of the key', async () => {
    const whole = await flame('')
    const watch = whole.frames.find(({ name }) => name === 'k8s.io/apiserver.watch')
    const reply = await flame(watch?.key ?? '', { i: 'watch' })
    expect(reply).toMatchObject({ isZoomKnown: false, focusRow: 0, totals: { filteredTotal: 90 } })
  })
})

describe('a search', () => {
  test('finds plain text in any case, and counts each sample once', async () => {
    expect(await search('APISERVER')).toMatchObject({
      names: new Set(['k8s.io/apiserver.list', 'k8s.io/apiserver.watch']),
      funcCount: 2,
      frameCount: 2,
      value: 90,
      share: 0.9,
    })
  })

  test('takes what looks like a pattern for plain text, unless it is one', async () => {
    expect(await search('^runtime')).toMatchObject({ funcCount: 0, value: 0, share: 0 })
    expect(await search('^runtime', true)).toMatchObject({ funcCount: 2, value: 30 })
  })

  test('refuses what is no pattern', async () => {
    await expect(search('(', true)).rejects.toMatchObject({ name: 'RegexError' })
  })

  test('finds nothing in a view whose filters leave nothing', async () => {
    expect(await search('main', false, { f: 'nothing' })).toMatchObject({ value: 0, share: 0 })
  })
})

test('top has every function, largest flat first, and the subsystems that have a share', async () => {
  const reply = await answerRequest(views, { kind: 'top', query: query() })
  expect(reply.totals).toEqual(TOTALS)
  expect(reply.rows.map(({ name, flat }) => [name, flat]).slice(0, 2)).toEqual([
    ['encoding/json.Marshal', 60],
    ['runtime.mallocgc', 20],
  ])
  expect(reply.rows).toHaveLength(6)
  const shares = reply.subsystems.map(({ share }) => share)
  expect(shares).toEqual(shares.toSorted((a, b) => b - a))
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
  expect(shares).not.toContain(0)
})

test('peek shows the callers and callees of the function of this name, and of no other', async () => {
  const reply = await peek('k8s.io/apiserver.list')
  expect(reply.item).toMatchObject({
    name: 'k8s.io/apiserver.list',
    cum: 80,
    callers: [{ name: 'main.main' }],
    callees: [{ name: 'encoding/json.Marshal' }, { name: 'runtime.mallocgc' }],
  })
  expect(await peek('apiserver')).toMatchObject({ item: null })
})

test('tags are of the samples that the filters leave', async () => {
  const reply = await answerRequest(views, { kind: 'tags', query: query({ f: 'list' }) })
  expect(reply).toEqual({ totals: { ...TOTALS, filteredTotal: 80 }, tags: [] })
})

type QueryOptions = Parameters<typeof query>[0]

function flame(zoom: string, more?: QueryOptions) {
  const size = { framesMax: 100, widthPx: 1000, framePxMin: 0.5 }
  const shown = { range: { from: 0, to: 1 }, hidesChain: true }
  return answerRequest(views, { kind: 'flame', query: query(more), zoom, ...size, ...shown })
}

function search(text: string, isRegex = false, more?: QueryOptions) {
  return answerRequest(views, {
    kind: 'search',
    query: query(more),
    text,
    isRegex,
    hidesChain: true,
  })
}

function peek(funcName: string) {
  return answerRequest(views, { kind: 'peek', query: query(), funcName })
}
