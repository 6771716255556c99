import { diagnose } from '../../diagnosis/index.ts'
import { loadRules } from '../../judge/index.ts'
import { profileFromFolded } from '../../profile/index.ts'
import { cpuProfile } from '../diagnosis/make-rule.ts'

const { ruleSet } = await loadRules()

/** The values of series before the profile and after it. */
export type Pages = Readonly<Record<string, readonly [number, number]>>

/** A process, a kube-apiserver if it is not said, and the rule that is asked about it. */
export interface Server {
  readonly rule: string
  readonly component?: string
  readonly stacks: string
  readonly reads?: 'cpu' | 'goroutine' | 'block' | 'inuse_space' | 'alloc_space'
  readonly pages?: Pages
  readonly minor?: number
  /** How long the CPU profile took. */
  readonly seconds?: number
  /** Of the CPU profile beside another one; of fewer than a hundred nothing is ruled out. */
  readonly cpuSamples?: number
}

/** What a rule says to a process, which counts from one page to the other in ten seconds. */
export function saidTo({
  rule,
  component = 'kube-apiserver',
  stacks,
  reads = 'cpu',
  pages = {},
  minor = 33,
  seconds = 10,
  cpuSamples = 300,
}: Server): string {
  const folded = `${stacks}\nnet/http.(*conn).serve 300`
  const kubernetesVersion = `v1.${minor}.0`
  const units = {
    goroutine: 'count',
    block: 'nanoseconds',
    inuse_space: 'bytes',
    alloc_space: 'bytes',
  }
  const cpu = cpuProfile(reads === 'cpu' ? folded : `net/http.(*conn).serve ${cpuSamples}`, seconds)
  const others =
    reads === 'cpu' ? [] : [profileFromFolded(folded, [{ type: reads, unit: units[reads] }])]
  const inputs = [cpu, ...others].map((profile, row) => ({
    path: `${row}.pb.gz`,
    profile,
    component,
    kubernetesVersion,
  }))
  const hasPages = Object.keys(pages).length > 0
  const { findings } = diagnose(inputs, ruleSet, {
    language: 'en',
    metricsBefore: hasPages ? pageOf(pages, 0) : null,
    metrics: hasPages ? pageOf(pages, 1) : null,
  })
  const also = findings.flatMap((each) => each.also).filter((each) => each.rule === rule)
  return findings
    .filter((finding) => finding.rule === rule)
    .flatMap(({ level, meaning, evidence, remedy, next }) => [
      level,
      meaning,
      ...evidence.map(({ text }) => text),
      ...remedy,
      ...next.map((step) => JSON.stringify(step)),
    ])
    .concat(also.map(({ title }) => title))
    .join('\n')
}

function pageOf(pages: Pages, index: 0 | 1): string {
  const lines = Object.entries(pages).map(([name, values]) => `${name} ${values[index]}`)
  return ['process_start_time_seconds 1', `go_goroutines ${index}`, ...lines, ''].join('\n')
}
