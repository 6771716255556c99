import { expect, test } from 'vitest'
import { readChoice, withChoice } from '../../../web/compare/use-compare-choice.ts'
import { answerRequest } from '../../../web/view-worker/answer-request.ts'
import { cacheViews } from '../../../web/view-worker/open-views.ts'
import { cpuProfile } from '../views/open-folded.ts'

test('a comparison comes back out of its address, which keeps what else it names', () => {
  const choice = { sampleType: 'cpu', per: 'request', shown: 'before', zoom: 'k1' } as const
  const params = withChoice({ a: '1', b: '2' }, choice)
  expect(readChoice(params)).toEqual(choice)
  expect(params).toMatchObject({ a: '1', b: '2' })
  expect(withChoice({ a: '1' }, readChoice({}))).toEqual({ a: '1' })
})

const before = cpuProfile('main;old 400 400\nmain;kept 100 100')
const after = cpuProfile('main;young 400 400\nmain;kept 101 101')
const views = cacheViews(after, after, before)

test('each of the three pictures says of its frames how they changed', async () => {
  expect(await changesOf('both')).toEqual({ old: 'gone', young: 'new', kept: 'noise' })
  expect(await changesOf('before')).toEqual({ old: 'gone', kept: 'noise' })
  expect(await changesOf('after')).toEqual({ young: 'new', kept: 'noise' })
})

async function changesOf(side: 'both' | 'before' | 'after') {
  const answer = await answerRequest(views, {
    kind: 'compare',
    sampleType: 'cpu',
    per: 'second',
    side,
    zoom: '',
    hidesChain: true,
    widthPx: 1000,
  })
  if (answer.failure !== null) throw new Error(answer.failure)
  const leaves = answer.flame.frames.filter(({ name }) => !['root', 'main'].includes(name))
  return Object.fromEntries(leaves.map(({ name, change }) => [name, change?.kind]))
}
