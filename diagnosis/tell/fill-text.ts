import type { Verdict } from '../judge/verdict.ts'
import type { MeasureNumbers } from '../judge/measure-numbers.ts'
import { type MeasureNumber, isMeasureNumber, splitName } from '../rule/measure-names.ts'
import { formatCores, formatCount, formatShare, formatValue } from '../../profile/index.ts'

/** `text` with `{share}`, `{decode.share}` and `{group}` filled in from the verdict. What is unknown becomes `?`. */
export function fillText(text: string, verdict: Verdict): string {
  const { measures, main, group } = verdict
  return text.replaceAll(/\{([a-z][\w.]*)\}/g, (whole, name: string) => {
    if (name === 'group') return group ?? '?'
    const { measure, number } = splitName(name, main)
    const numbers = measures.get(measure)
    if (numbers === undefined || !isMeasureNumber(number)) return whole
    return formatNumber(numbers, number)
  })
}

function formatNumber(numbers: MeasureNumbers, number: MeasureNumber): string {
  const value = numbers[number]
  if (value === null) return '?'
  switch (number) {
    case 'share':
    case 'of':
    case 'lo':
    case 'hi':
    case 'within':
    case 'rising':
    case 'perDay':
      return formatShare(value)
    case 'samples':
    case 'count':
    case 'hits':
    case 'snapshots':
    case 'hours':
    case 'stacks':
    case 'minutes':
      return formatCount(value)
    case 'value':
    case 'mean':
    case 'growth':
    case 'base':
      return formatValue(value, numbers.unit)
    default:
      return formatCores(value)
  }
}
