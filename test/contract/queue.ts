import { afterEach, describe, expect, test } from 'vitest'
import type { Queue } from '../../queue/index.ts'
import { until } from '../until.ts'

/** The contract of every queue. `open` gives a queue that no other test uses. */
export function describeQueue(name: string, open: () => Promise<Queue>): void {
  describe(`the queue ${name}`, () => {
    const opened: Queue[] = []
    const openOne = async () => {
      const queue = await open()
      opened.push(queue)
      // A server that has just been started may make its tables first.
      await until(() => isAnswering(queue))
      return queue
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((queue) => queue.close()))
    })

    test('hands a notification to the worker', async () => {
      const queue = await openOne()
      const heard: string[] = []
      await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
      await queue.notify('01HZZZZZZZZZZZZZZZZZZZZZZA')
      await until(() => heard.length > 0)
      expect(heard).toEqual(['01HZZZZZZZZZZZZZZZZZZZZZZA'])
    })

    test('hands over the notifications sent before there was a worker', async () => {
      const queue = await openOne()
      await queue.notify('a1')
      await queue.notify('a2')
      const heard: string[] = []
      await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
      await until(() => heard.length === 2)
      expect(heard).toEqual(['a1', 'a2'])
    })

    test('takes a notification for an id again after the first was received', async () => {
      const queue = await openOne()
      const heard: string[] = []
      await queue.onNotify(async (id) => void heard.push(id), { concurrency: 1 })
      for (const count of [1, 2, 3]) {
        // Until the notification is taken.
        await until(async () => {
          await queue.notify('a1')
          return heard.length >= count
        })
      }
      expect(heard.length).toBeGreaterThanOrEqual(3)
    })

    test('runs no more handlers at once than `concurrency`', async () => {
      const queue = await openOne()
      let runningCount = 0
      let runningCountMax = 0
      let startedCount = 0
      let doneCount = 0
      const handler = async () => {
        runningCount += 1
        runningCountMax = Math.max(runningCountMax, runningCount)
        startedCount += 1
        // Every other one waits for the next beside it, so that there are two whenever there may be.
        const wanted = startedCount + (startedCount % 2)
        await until(() => startedCount >= wanted)
        runningCount -= 1
        doneCount += 1
      }
      await queue.onNotify(handler, { concurrency: 2 })
      for (let index = 0; index < 8; index++) await queue.notify(`a${index}`)
      await until(() => doneCount === 8)
      expect(runningCountMax).toBe(2)
    })

    test('goes on after a handler that throws', async () => {
      const queue = await openOne()
      const heard: string[] = []
      const handler = async (id: string) => {
        heard.push(id)
        if (id === 'bad') throw new Error('this handler fails')
      }
      await queue.onNotify(handler, { concurrency: 1 })
      await queue.notify('bad')
      await queue.notify('good')
      await until(() => heard.includes('good'))
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
      await queue.onNotify(handler, { concurrency: 1 })
      await queue.notify('a1')
      await until(() => isStarted)
      await queue.close()
      expect(isDone).toBe(true)
    })

    test('reports that it delivers notifications', async () => {
      const queue = await openOne()
      await expect(queue.check()).resolves.toBeUndefined()
    })
  })
}

async function isAnswering(queue: Queue): Promise<boolean> {
  return queue.check().then(
    () => true,
    () => false,
  )
}
