import { expect, test } from 'vitest'
import { boundedResolve } from '../../collect/reach/net/resolve-name.ts'

/** Names that are looked up as long as the test wants. */
function slowNames() {
  const running = new Map<string, (isKnown: boolean) => void>()
  const asked: string[] = []
  const resolve = boundedResolve((host) => {
    asked.push(host)
    return new Promise((done, fail) => {
      running.set(host, (isKnown) => {
        running.delete(host)
        if (isKnown) done([{ address: '10.0.0.1', family: 4 }])
        else fail(new Error(`${host} is not known`))
      })
    })
  }, 2)
  return { resolve, running, asked }
}

test('few names are looked up at once, and the others after them', async () => {
  const { resolve, running, asked } = slowNames()
  const all = ['a', 'b', 'c', 'd'].map((host) => resolve(host).catch((error: unknown) => error))
  expect(asked).toEqual(['a', 'b'])
  running.get('a')?.(false)
  expect(await all[0]).toEqual(new Error('a is not known'))
  expect(asked).toEqual(['a', 'b', 'c'])
  for (const host of ['b', 'c']) running.get(host)?.(true)
  await all[2]
  running.get('d')?.(true)
  expect(await all[3]).toEqual([{ address: '10.0.0.1', family: 4 }])
})

test('concurrent lookups of a name share one request, and a later lookup makes another', async () => {
  const { resolve, running, asked } = slowNames()
  const both = [resolve('a'), resolve('a')]
  running.get('a')?.(true)
  await Promise.all(both)
  const later = resolve('a')
  running.get('a')?.(true)
  await later
  expect(asked).toEqual(['a', 'a'])
})
