import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeProfile } from '../inputs/make-profile.ts'
import { alternate } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { KUBEPROF, measureMemoryMb, timeProcessMs } from '../run-process.ts'

/** These make 300 MB of profile.proto, inflated. */
const SAMPLE_COUNT = 2_430_000
const SIZE_MB = 286
const ROUNDS = 2

/** `kubeprof pprof -top` on a profile of 300 MB. pprof itself takes minutes and many gigabytes, and no part. */
export async function benchBig(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  try {
    const file = join(folder, 'big.pb.gz')
    await writeProfile(file, { seed: 1, sampleCount: SAMPLE_COUNT, nodeCountMax: Infinity })
    const args = ['pprof', '-top', file]
    const runMs = () => timeProcessMs(KUBEPROF, args)
    const [{ ms }] = await alternate([{ name: 'kubeprof', runMs }], ROUNDS)
    const memoryMb = measureMemoryMb(KUBEPROF, args)
    return formatTable([
      ['input', 'min / median / max ms', 'memory MB', 'of its size'],
      [
        `${SAMPLE_COUNT.toLocaleString('en')} samples`,
        [ms.min, ms.median, ms.max].map((value) => formatMs(value)).join(' / '),
        memoryMb === null ? '-' : memoryMb.toFixed(0),
        memoryMb === null ? '-' : `${(memoryMb / SIZE_MB).toFixed(1)} x`,
      ],
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
}
