import type { HeapProfiler, Profiler } from 'node:inspector'
import { Session } from 'node:inspector/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { AppError } from '../../../api/index.ts'
import { encodeProfile, ProfileBuilder, type ProfileHeader } from '../../../profile/index.ts'
import type { SelfProfiler } from '../../../server/index.ts'

const CPU_INTERVAL_US = 1000
const HEAP_INTERVAL_BYTES = 64 * 1024
const NS_PER_US = 1000n
const NS_PER_MS = 1_000_000n

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

/**
 * Profiles of this Node process in the format of pprof, by V8's own profilers. V8 runs one of each
 * kind at a time, and a second request is refused meanwhile.
 */
export function makeSelfProfiler(): SelfProfiler {
  let isBusy = false

  async function alone(take: (session: Session) => Promise<Uint8Array>): Promise<Uint8Array> {
    if (isBusy) {
      throw new AppError('OVERLOADED', { message: 'A profile of this process is being taken.' })
    }
    isBusy = true
    const session = new Session()
    session.connect()
    try {
      return await take(session)
    } finally {
      session.disconnect()
      isBusy = false
    }
  }

  return {
    cpu: (seconds, signal) =>
      alone(async (session) => {
        await session.post('Profiler.enable')
        await session.post('Profiler.setSamplingInterval', { interval: CPU_INTERVAL_US })
        const startMs = Date.now()
        await session.post('Profiler.start')
        await delay(seconds * 1000, undefined, { signal }).catch(ignoreAbort)
        const { profile } = await session.post('Profiler.stop')
        return gzipSync(encodeProfile(cpuProfile(profile, startMs)))
      }),
    heap: (seconds, signal) =>
      alone(async (session) => {
        await session.post('HeapProfiler.startSampling', { samplingInterval: HEAP_INTERVAL_BYTES })
        await delay(seconds * 1000, undefined, { signal }).catch(ignoreAbort)
        const { profile } = await session.post('HeapProfiler.stopSampling')
        return gzipSync(encodeProfile(heapProfile(profile)))
      }),
  }
}

/** Who has left gets no profile, and V8 stops at once. */
function ignoreAbort(): void {}

/**
 * V8 lists the nodes of a call tree, and for each sample a node and the time since the sample before. Its own start and end
 * are microseconds of a clock that does not tell the date.
 */
function cpuProfile(
  { nodes, samples = [], timeDeltas = [], startTime, endTime }: Profiler.Profile,
  startMs: number,
) {
  const cpu = { type: 'cpu', unit: 'nanoseconds' }
  const writer = stackWriter({
    sampleTypes: [{ type: 'samples', unit: 'count' }, cpu],
    timeNs: BigInt(startMs) * NS_PER_MS,
    durationNs: BigInt(Math.round(endTime - startTime)) * NS_PER_US,
    periodType: cpu,
    period: BigInt(CPU_INTERVAL_US) * NS_PER_US,
  })
  const parentOf = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  )
  const frameOf = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const totals = new Map<number, { count: bigint; timeUs: bigint }>()
  for (const [index, node] of samples.entries()) {
    const total = totals.get(node) ?? { count: 0n, timeUs: 0n }
    total.count += 1n
    total.timeUs += BigInt(Math.max(0, timeDeltas[index] ?? 0))
    totals.set(node, total)
  }
  for (const [node, { count, timeUs }] of totals) {
    const stack: CallFrame[] = []
    for (let at: number | undefined = node; at !== undefined; at = parentOf.get(at)) {
      const frame = frameOf.get(at)
      if (frame !== undefined) stack.unshift(frame)
    }
    // Waiting is no use of a CPU.
    if (stack.at(-1)?.functionName !== '(idle)') writer.add(stack, [count, timeUs * NS_PER_US])
  }
  return writer.finish()
}

/** The memory that was allocated meanwhile and is still in use. */
function heapProfile({ head }: HeapProfiler.SamplingHeapProfile) {
  const writer = stackWriter({
    sampleTypes: [{ type: 'inuse_space', unit: 'bytes' }],
    timeNs: BigInt(Date.now()) * NS_PER_MS,
  })
  const waiting: { node: HeapProfiler.SamplingHeapProfileNode; stack: readonly CallFrame[] }[] = [
    { node: head, stack: [] },
  ]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const stack = [...next.stack, next.node.callFrame]
    if (next.node.selfSize > 0) writer.add(stack, [BigInt(next.node.selfSize)])
    for (const node of next.node.children) waiting.push({ node, stack })
  }
  return writer.finish()
}

function stackWriter(header: ProfileHeader) {
  const builder = new ProfileBuilder(header)
  const locations = new Map<string, number>()
  const locationOf = ({ functionName, url, lineNumber }: CallFrame) => {
    const key = `${functionName}\n${url}\n${lineNumber}`
    const known = locations.get(key)
    if (known !== undefined) return known
    const func = builder.func({
      name: functionName === '' ? '(anonymous)' : functionName,
      file: url,
    })
    const line = Math.max(0, lineNumber + 1)
    const made = builder.location({
      mapping: -1,
      address: BigInt(locations.size + 1),
      lines: [{ func, line }],
    })
    locations.set(key, made)
    return made
  }
  return {
    /** The root, which V8 calls `(root)`, is left out. */
    add: (stack: readonly CallFrame[], values: readonly bigint[]) =>
      builder.sample({
        locations: stack.slice(1).map(locationOf),
        values: [...values],
        labels: [],
      }),
    finish: () => builder.finish(),
  }
}
