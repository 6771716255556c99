import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diagnose, type RuleSet } from '../../diagnosis/index.ts'
import { readProfile } from '../../gzip/node.ts'
import {
  flameView,
  openView,
  readViewQuery,
  repairForViews,
  ROOT,
  topView,
} from '../../profile/index.ts'
import { loadRules } from '../../judge/index.ts'
import { exampleProfiles } from '../inputs/example-profiles.ts'
import { spreadOf } from '../measure.ts'
import { formatMs, formatTable } from '../report-table.ts'

const WARM_ROUNDS = 30
const COLD_ROUNDS = 5

/**
 * What one profile costs on one core: read (inflate and decode), views (repair, call tree, top table, flame graph), rules
 * (all of them, with the report in one language). Cold is the first profile of a new process, after its modules and
 * rules are loaded; warm is what the decoders of a service do from the second profile on.
 */
export async function benchDecodeAndRules(files: readonly string[]): Promise<string> {
  const { ruleSet } = await loadRules()
  const rows = [['input', 'KB', 'read ms', 'views ms', 'rules ms', 'sum ms, warm', 'sum ms, cold']]
  for (const file of files.length > 0 ? files : exampleProfiles()) {
    const bytes = readFileSync(file)
    const rounds = Array.from({ length: WARM_ROUNDS }, () => timeStages(bytes, ruleSet)).slice(5)
    const medianOf = (stage: keyof Stages) => spreadOf(rounds.map((round) => round[stage])).median
    const cold = Array.from({ length: COLD_ROUNDS }, () => timeInNewProcess(file))
    rows.push([
      file.split('/').slice(-2).join('/'),
      (bytes.length / 1024).toFixed(0),
      formatMs(medianOf('readMs')),
      formatMs(medianOf('viewsMs')),
      formatMs(medianOf('rulesMs')),
      formatMs(spreadOf(rounds.map(sumOf)).median),
      formatMs(spreadOf(cold).median),
    ])
  }
  return formatTable(rows)
}

interface Stages {
  readonly readMs: number
  readonly viewsMs: number
  readonly rulesMs: number
}

function sumOf({ readMs, viewsMs, rulesMs }: Stages): number {
  return readMs + viewsMs + rulesMs
}

function timeStages(bytes: Uint8Array, ruleSet: RuleSet): Stages {
  const startMs = performance.now()
  const profile = readProfile(bytes)
  const readAtMs = performance.now()
  const { tree, total } = openView(repairForViews(profile), readViewQuery(profile, {}, RegExp))
  topView(tree, { sort: 'flat', rowsMax: 100, rowsSkipped: 0, totalValue: total.value })
  flameView(tree, { focusNode: ROOT, framesMax: 800, widthPx: 1400 })
  const viewsAtMs = performance.now()
  diagnose([{ path: 'cpu.pb.gz', profile }], ruleSet, { language: 'en' })
  const rulesAtMs = performance.now()
  return {
    readMs: readAtMs - startMs,
    viewsMs: viewsAtMs - readAtMs,
    rulesMs: rulesAtMs - viewsAtMs,
  }
}

function timeInNewProcess(file: string): number {
  const script = fileURLToPath(import.meta.url)
  return Number(execFileSync(process.execPath, [script, file], { encoding: 'utf8' }))
}

if (import.meta.main) {
  const [, , file = ''] = process.argv
  const { ruleSet } = await loadRules()
  console.log(sumOf(timeStages(readFileSync(file), ruleSet)))
}
