import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { exampleProfiles } from '../inputs/example-profiles.ts'
import { makeProfile } from '../inputs/make-profile.ts'
import { alternate, type Contender } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { findProgram, KUBEPROF, measureMemoryMb, timeProcessMs } from '../run-process.ts'

const SMALL_ROUNDS = 15
const LARGE_ROUNDS = 3

/** `kubeprof pprof -top` beside `pprof -top`, whole processes, on the files given, else on the examples; and on 200,000 samples. */
export async function benchPprofTop(files: readonly string[]): Promise<string> {
  const pprof = findProgram('pprof')
  const folder = mkdtempSync(join(tmpdir(), 'kubeprof-bench-'))
  try {
    const large = join(folder, 'synthetic-200k.pb.gz')
    const profile = makeProfile({ seed: 1, sampleCount: 200_000, nodeCountMax: Infinity })
    writeFileSync(large, gzipSync(profile))
    const inputs = files.length > 0 ? files : exampleProfiles()
    const rows = [
      [
        'input',
        'kubeprof min / median / max ms',
        'pprof min / median / max ms',
        'time',
        'memory MB',
        'memory',
      ],
    ]
    for (const file of inputs) rows.push(await compare(file, pprof, SMALL_ROUNDS))
    rows.push(await compare(large, pprof, LARGE_ROUNDS))
    return formatTable(rows)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function compare(file: string, pprof: string | null, rounds: number): Promise<string[]> {
  const ours = ['pprof', '-top', file]
  const theirs = ['-top', file]
  const contenders: [Contender, ...Contender[]] = [
    { name: 'kubeprof', runMs: () => timeProcessMs(KUBEPROF, ours) },
  ]
  if (pprof !== null) contenders.push({ name: 'pprof', runMs: () => timeProcessMs(pprof, theirs) })
  const [kubeprof, reference] = await alternate(contenders, rounds)
  const memory = measureMemoryMb(KUBEPROF, ours)
  const referenceMemory = pprof === null ? null : measureMemoryMb(pprof, theirs)
  const spread = ({ ms }: typeof kubeprof) =>
    [ms.min, ms.median, ms.max].map((value) => formatMs(value)).join(' / ')
  return [
    file.split('/').slice(-2).join('/'),
    spread(kubeprof),
    reference === undefined ? '-' : spread(reference),
    reference === undefined ? '-' : `${(kubeprof.ms.median / reference.ms.median).toFixed(2)} x`,
    memory === null ? '-' : memory.toFixed(0),
    memory === null || referenceMemory === null
      ? '-'
      : `${(memory / referenceMemory).toFixed(2)} x`,
  ]
}
