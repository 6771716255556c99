import { alternate, type Contender } from '../measure.ts'
import { exampleProfiles } from '../inputs/example-profiles.ts'
import { formatMs, formatTable } from '../report-table.ts'
import { findProgram, KUBEPROF, measureMemoryMb, timeProcessMs } from '../run-process.ts'

const FILES_MIN = 200
const ROUNDS = 9

/**
 * `kubeprof pprof -proto` beside `pprof -proto`: the files given, else the examples' CPU profiles, over and over until
 * they are 200.
 */
export async function benchMerge(files: readonly string[]): Promise<string> {
  const given = files.length > 0 ? files : exampleProfiles()
  const inputs = Array.from({ length: Math.ceil(FILES_MIN / given.length) }, () => given).flat()
  const pprof = findProgram('pprof')
  const ours = ['pprof', '-proto', '-output=/dev/null', ...inputs]
  const theirs = ['-proto', '-output=/dev/null', ...inputs]
  const contenders: [Contender, ...Contender[]] = [
    { name: 'kubeprof', runMs: () => timeProcessMs(KUBEPROF, ours) },
  ]
  if (pprof !== null) contenders.push({ name: 'pprof', runMs: () => timeProcessMs(pprof, theirs) })
  const results = await alternate(contenders, ROUNDS)
  const [{ ms: own }] = results
  const rows = results.map(({ name, ms }) => [
    name,
    [ms.min, ms.median, ms.max].map((value) => formatMs(value)).join(' / '),
    `${(own.median / ms.median).toFixed(2)} x`,
    measureMemoryMb(name === 'kubeprof' ? KUBEPROF : (pprof ?? ''), [
      ...(name === 'kubeprof' ? ours : theirs),
    ])?.toFixed(0) ?? '-',
  ])
  return formatTable([
    [`${inputs.length} files`, 'min / median / max ms', 'kubeprof takes', 'memory MB'],
    ...rows,
  ])
}
