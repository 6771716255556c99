import type { WholeNumber } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { addWhole } from '../../units/whole-number.ts'
import { nodesOfStack, openExport, sumByStack } from './export-source.ts'

const CHUNK_LENGTH_MIN = 64 * 1024

/**
 * `-folded`: a line for each stack, root first, as flame graph scripts read them: `main;work 12`. Lines are in order of
 * their text; labels are left out. https://github.com/brendangregg/FlameGraph#2-fold-stacks
 */
export function foldedReport(report: Report, write: (text: string) => void): void {
  const source = openExport(report)
  const names = source.names.map(foldedName)
  const sums = new Map<string, WholeNumber>()
  for (const [stack, sum] of sumByStack(report, source)) {
    const path = nodesOfStack(report, source, stack).map((node) => names[node])
    const line = path.length === 0 ? '<unknown>' : path.join(';')
    sums.set(line, addWhole(sums.get(line) ?? 0, sum))
  }
  let chunk = ''
  for (const line of [...sums.keys()].sort()) {
    const sum = sums.get(line) ?? 0
    if (Number(sum) !== 0) chunk += `${line} ${sum}\n`
    if (chunk.length < CHUNK_LENGTH_MIN) continue
    write(chunk)
    chunk = ''
  }
  if (chunk !== '') write(chunk)
}

/** Names may hold what separates names and lines: Go writes `struct { A int; B int }`. */
function foldedName(name: string): string {
  return name.replaceAll(';', ',').replaceAll(/\p{Cc}/gu, ' ')
}
