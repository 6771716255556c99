import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * What the proxy does to connections, old and new. `partition`: nothing passes, in either direction. `swallow`: requests
 * pass, replies are lost for good. `answer-500`: each HTTP request is answered with 500. `reset`: all are cut off.
 */
export type ProxyFault = 'none' | 'slow' | 'partition' | 'swallow' | 'answer-500' | 'reset'

export interface FaultyProxy {
  readonly port: number
  readonly setFault: (fault: ProxyFault) => void
  /** How many pieces of replies were swallowed. */
  readonly swallowedCount: () => number
  readonly close: () => Promise<void>
}

/** Added to each piece of data, in each direction. */
const SLOW_MS = 100
const SERVER_ERROR = 'HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n'

/** A TCP proxy on loopback, in front of the server on this port. */
export async function openFaultyProxy(serverPort: number): Promise<FaultyProxy> {
  let fault: ProxyFault = 'none'
  let swallowedCount = 0
  const sockets = new Set<Socket>()
  const held = new Set<Socket>()

  function keep(socket: Socket, other: Socket): void {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      other.destroy()
    })
  }

  function hold(socket: Socket): void {
    held.add(socket.pause())
  }

  async function pass(data: Buffer, from: Socket, to: Socket, isReply: boolean): Promise<void> {
    if (fault === 'partition') {
      // It stays in the buffers until the partition ends.
      hold(from)
      from.unshift(data)
      return
    }
    if (fault === 'swallow' && isReply) {
      swallowedCount += 1
      return
    }
    if (fault === 'answer-500' && !isReply) {
      from.end(SERVER_ERROR)
      return
    }
    if (fault === 'slow') {
      from.pause()
      await delay(SLOW_MS)
      from.resume()
    }
    if (!to.destroyed) to.write(data)
  }

  const proxy = createServer((client) => {
    if (fault === 'reset') {
      client.destroy()
      return
    }
    const server = connect(serverPort, '127.0.0.1')
    keep(client, server)
    keep(server, client)
    client.on('data', (data) => void pass(data, client, server, false))
    server.on('data', (data) => void pass(data, server, client, true))
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')

  return {
    port: address.port,
    swallowedCount: () => swallowedCount,
    setFault(next) {
      fault = next
      if (fault === 'reset') for (const socket of sockets) socket.resetAndDestroy()
      if (fault === 'partition') return
      for (const socket of held) socket.resume()
      held.clear()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
