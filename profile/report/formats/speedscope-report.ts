import { SPEEDSCOPE_SCHEMA } from '../../text/decode-speedscope.ts'
import { isSameUnitKind, scaleValue } from '../../units/format-value.ts'
import type { Report } from '../open-report.ts'
import { nodesOfStack, openExport, sumByStack } from './export-source.ts'

const SAMPLES_PER_CHUNK = 1000
const UNITS = ['nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'bytes']

/**
 * `-speedscope`: one sampled profile for https://www.speedscope.app. Its name is the sample type, which is recognised
 * when the file is read again. Labels are left out. https://www.speedscope.app/file-format-schema.json
 */
export function speedscopeReport(report: Report, write: (text: string) => void): void {
  const source = openExport(report, 'filefunctions')
  const { type, unit: fileUnit } = report.sampleType
  const unit = speedscopeUnit(fileUnit)
  const frames = source.nodes.map(({ name, file, line, column }, node) => ({
    name: name === '' ? source.names[node] : name,
    ...(file === '' ? {} : { file }),
    ...(line === 0 ? {} : { line }),
    ...(column === 0 ? {} : { col: column }),
  }))
  const head = {
    $schema: SPEEDSCOPE_SCHEMA,
    exporter: 'kubeprof',
    name: type,
    activeProfileIndex: 0,
  }
  write(`${JSON.stringify(head).slice(0, -1)},"shared":${JSON.stringify({ frames })},`)
  write(`"profiles":[{"type":"sampled","name":${JSON.stringify(type)},"unit":"${unit}",`)
  write('"samples":[')
  const weights: number[] = []
  let chunk: string[] = []
  for (const [stack, sum] of sumByStack(report, source)) {
    if (Number(sum) === 0) continue
    chunk.push(
      `${weights.length === 0 ? '' : ','}[${nodesOfStack(report, source, stack).join(',')}]`,
    )
    weights.push(unit === 'none' ? Number(sum) : scaleValue(sum, fileUnit, unit).value)
    if (chunk.length < SAMPLES_PER_CHUNK) continue
    write(chunk.join(''))
    chunk = []
  }
  const endValue = weights.reduce((total, weight) => total + Math.abs(weight), 0)
  write(`${chunk.join('')}],"weights":${JSON.stringify(weights)},`)
  write(`"startValue":0,"endValue":${endValue}}]}\n`)
}

/** speedscope knows units of time and bytes. */
function speedscopeUnit(unit: string): string {
  if (UNITS.includes(unit)) return unit
  return ['nanoseconds', 'bytes'].find((known) => isSameUnitKind(unit, known)) ?? 'none'
}
