import { readFileSync } from 'node:fs'
import { until } from '../../until.ts'

/** Where Node opens its inspector on SIGUSR1: one process after the other. */
const INSPECTOR_URL = 'http://127.0.0.1:9229/json/list'

/** Garbage is collected until none is left. */
const COLLECT = { id: 1, method: 'HeapProfiler.collectGarbage' }

const READ = {
  id: 2,
  method: 'Runtime.evaluate',
  params: {
    expression: `(({ heapUsed, external }) => ({ pid: process.pid, bytes: heapUsed + external }))(process.memoryUsage())`,
    returnByValue: true,
  },
}

/** Closes the inspector, and with it the connection. */
const CLOSE = {
  id: 3,
  method: 'Runtime.evaluate',
  params: { expression: 'setImmediate(() => process._debugEnd())' },
}

interface LiveBytes {
  readonly pid: number
  readonly bytes: number
}

/** Among the signals that a process handles, a bit for each: Node begins to handle this one while it starts. */
const SIGUSR1_BIT = 1n << 9n

/**
 * What a Node process refers to once its garbage is collected, in megabytes: objects, and buffers outside of the heap. `null`
 * where the process has ended or only starts.
 */
export async function liveMbOf(pid: number): Promise<number | null> {
  for (;;) {
    if (!handlesSignal(pid)) return null
    signal(pid)
    const url = await until(() => (handlesSignal(pid) ? inspectorUrl() : 'away'))
    if (url === 'away') return null
    const found = await readLiveBytes(url)
    // Else another's was still open, and is closed now.
    if (found?.pid === pid) return found.bytes / 1e6
  }
}

function handlesSignal(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const handled = /^SigCgt:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'
    return (BigInt(`0x${handled}`) & SIGUSR1_BIT) !== 0n
  } catch {
    return false
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGUSR1')
  } catch {
    // It has just ended.
  }
}

/** Of the process whose inspector this is, which it closes; `null` where it ended meanwhile. */
async function readLiveBytes(url: string): Promise<LiveBytes | null> {
  const socket = new WebSocket(url)
  const send = (request: object) => socket.send(JSON.stringify(request))
  let found: LiveBytes | null = null
  socket.addEventListener('open', () => [COLLECT, COLLECT, READ].forEach(send))
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data))
    if (id !== READ.id) return
    found = result.result.value
    send(CLOSE)
  })
  await new Promise((resolve) => socket.addEventListener('close', resolve))
  return found
}

async function inspectorUrl(): Promise<string | null> {
  try {
    const text = await (await fetch(INSPECTOR_URL)).text()
    return /"webSocketDebuggerUrl": "([^"]+)"/.exec(text)?.[1] ?? null
  } catch {
    return null
  }
}
