import { afterEach, describe, expect, test } from 'vitest'
import type { Queue } from '../../queue/index.ts'
import { waitUntil } from '../wait-until.ts'

/** What every queue promises. `open` gives a queue that nobody else uses. */
export function describeQueue(name: string, open: () => Promise<Queue>): void {
  describe(`the queue ${name}`, () => {
    const opened: Queue[] = []
    const openOne = async () => {
      const queue = await open()
      opened.push(queue)
      return queue
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close()))
    })

    test('hands a bell to the worker', async () => {
      const queue = await openOne()
      const heard: string[] = []
      await queue.onRing(async (id) => void heard.push(id), { concurrency: 1 })
      await queue.ring('01HZZZZZZZZZZZZZZZZZZZZZZA')
      await waitUntil('the bell is heard', () => heard.length > 0)
      expect(heard).toEqual(['01HZZZZZZZZZZZZZZZZZZZZZZA'])
    })

    test('hands over the bells that were rung before there was a worker', async () => {
      const queue = await openOne()
      await queue.ring('a1')
      await queue.ring('a2')
      const heard: string[] = []
      await queue.onRing(async (id) => void heard.push(id), { concurrency: 1 })
      await waitUntil('both bells are heard', () => heard.length === 2)
      expect(heard).toEqual(['a1', 'a2'])
    })

    test('takes a bell for an id again after the first was heard', async () => {
      const queue = await openOne()
      const heard: string[] = []
      await queue.onRing(async (id) => void heard.push(id), { concurrency: 1 })
      for (const count of [1, 2, 3]) {
        await waitUntil('the bell is taken', async () => {
          await queue.ring('a1')
          return heard.length >= count
        })
      }
      expect(heard.length).toBeGreaterThanOrEqual(3)
    })

    test('runs no more handlers at once than it was told', async () => {
      const queue = await openOne()
      let runningCount = 0
      let runningCountMax = 0
      let doneCount = 0
      const handler = async () => {
        runningCount += 1
        runningCountMax = Math.max(runningCountMax, runningCount)
        await new Promise((resolve) => setTimeout(resolve, 20))
        runningCount -= 1
        doneCount += 1
      }
      await queue.onRing(handler, { concurrency: 2 })
      for (let index = 0; index < 8; index++) await queue.ring(`a${index}`)
      await waitUntil('all bells are heard', () => doneCount === 8)
      expect(runningCountMax).toBe(2)
    })

    test('goes on after a handler that throws', async () => {
      const queue = await openOne()
      const heard: string[] = []
      const handler = async (id: string) => {
        heard.push(id)
        if (id === 'bad') throw new Error('this handler fails')
      }
      await queue.onRing(handler, { concurrency: 1 })
      await queue.ring('bad')
      await queue.ring('good')
      await waitUntil('the second bell is heard', () => heard.includes('good'))
      expect(heard).toEqual(['bad', 'good'])
    })

    test('waits for the handlers that run when it is closed', async () => {
      const queue = await openOne()
      let isStarted = false
      let isDone = false
      const handler = async () => {
        isStarted = true
        await new Promise((resolve) => setTimeout(resolve, 100))
        isDone = true
      }
      await queue.onRing(handler, { concurrency: 1 })
      await queue.ring('a1')
      await waitUntil('the handler runs', () => isStarted)
      await queue.close()
      expect(isDone).toBe(true)
    })

    test('says that it carries bells', async () => {
      const queue = await openOne()
      await expect(queue.check()).resolves.toBeUndefined()
    })
  })
}
