import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'

interface BundleOptions {
  readonly timeMs: number
  readonly metrics: string
  /** In seconds, as its metrics say. */
  readonly startedAt: number
  /** The page from before its profiles; with it the capture says that it took 20 s. */
  readonly before?: string
}

/** A capture of a process that uses half a core, with a page of metrics, as a `.tar.gz`. */
export async function captureBundle({ timeMs, metrics, startedAt, before }: BundleOptions) {
  const profile = profileFromFolded(
    'main 5000000000',
    { type: 'cpu', unit: 'nanoseconds' },
    { timeNs: BigInt(timeMs) * 1_000_000n, durationNs: 10_000_000_000n },
  )
  const times = { startedAt: timeText(timeMs), finishedAt: timeText(timeMs + 20_000) }
  const earlier = { 'metrics-before.txt': `${before}\n`, 'capture.json': JSON.stringify(times) }
  const files = {
    'cpu.pb.gz': gzipSync(encodeProfile(profile)),
    'metrics.txt': `process_start_time_seconds ${startedAt}\n${metrics}\n`,
    ...(before === undefined ? {} : earlier),
  }
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name: `capture/${name}`, size: Buffer.byteLength(body) },
    body: Buffer.from(body),
  }))
  return gzipSync(await packTar(entries))
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
