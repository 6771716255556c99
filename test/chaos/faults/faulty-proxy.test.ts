import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openFaultyProxy } from './faulty-proxy.ts'

/** A server that answers each piece of data with `re:` and the data, and a client that remembers what it got. */
async function openPair() {
  const requests: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (text: string) => {
      requests.push(text)
      socket.write(`re:${text}`)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const proxy = await openFaultyProxy(typeof address === 'object' ? (address?.port ?? 0) : 0)
  const client = connect(proxy.port, '127.0.0.1')
  const replies: string[] = []
  client.on('error', () => undefined)
  client.setEncoding('utf8').on('data', (text: string) => replies.push(text))
  onTestFinished(async () => {
    client.destroy()
    await proxy.close()
    server.close()
  })
  return { client, proxy, requests, replies }
}

test('a proxy without a fault passes both directions', async () => {
  const { client, replies } = await openPair()
  client.write('a')
  await expect.poll(() => replies).toEqual(['re:a'])
})

test('what was sent during a partition arrives after it', async () => {
  const { client, proxy, requests, replies } = await openPair()
  proxy.setFault('partition')
  client.write('a')
  await delay(100)
  expect(requests).toEqual([])
  proxy.setFault('none')
  await expect.poll(() => replies).toEqual(['re:a'])
})

test('a swallowed reply never arrives, though the request did', async () => {
  const { client, proxy, requests, replies } = await openPair()
  proxy.setFault('swallow')
  client.write('a')
  await expect.poll(() => requests).toEqual(['a'])
  await expect.poll(() => proxy.swallowedCount()).toBe(1)
  proxy.setFault('none')
  client.write('b')
  await expect.poll(() => replies).toEqual(['re:b'])
})

test('a slow proxy delays, one that answers 500 does so, one that resets cuts off', async () => {
  const { client, proxy, requests, replies } = await openPair()
  proxy.setFault('slow')
  const startMs = performance.now()
  client.write('a')
  await expect.poll(() => replies).toEqual(['re:a'])
  expect(performance.now() - startMs).toBeGreaterThan(150)
  proxy.setFault('answer-500')
  client.write('b')
  await expect.poll(() => replies[1]).toMatch(/^HTTP\/1\.1 500/)
  expect(requests).toEqual(['a'])
  const other = await openPair()
  other.client.write('c')
  await expect.poll(() => other.replies).toEqual(['re:c'])
  const closed = new Promise((resolve) => void other.client.on('close', resolve))
  other.proxy.setFault('reset')
  await closed
})
