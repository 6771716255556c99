import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that systems give to whoever asks for any: those are taken again while a server starts, or between
 * its end and its next start.
 */
const LOWEST = 10_000
const COUNT = 22_000

let next = randomInt(COUNT)

/** A port of loopback on which nothing listens, and which no other caller in this process gets. */
export async function freePort(): Promise<number> {
  for (let triesLeft = COUNT; triesLeft > 0; triesLeft--) {
    const port = LOWEST + (next++ % COUNT)
    if (await isFree(port)) return port
  }
  throw new Error('no port is free')
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
