import type { Verdict } from '../../judge/verdict/verdict.ts'
import type { MeasureNumbers } from '../../judge/match/measure-numbers.ts'
import { type MeasureNumber, isMeasureNumber, splitName } from '../../rule/measure-names.ts'
import { NO_VALUES, nextValue, type NextValues } from './fill-next.ts'
import { fillPlaces, type ValueOf } from './fill-places.ts'
import { formatCores, formatCount, formatShare, formatValue } from '../../../profile/index.ts'

/** `text` with `{share}`, `{decode.share}`, `{group}` and what else is known filled in. What is unknown becomes `?`. */
export function fillText(
  text: string,
  { measures, main, group, words = {} }: Verdict,
  values: NextValues = NO_VALUES,
): string {
  const valueOf: ValueOf = (name) => {
    if (name === 'group') return group
    if (Object.hasOwn(words, name)) return words[name]
    const { measure, number } = splitName(name, main)
    const numbers = measures.get(measure)
    if (!isMeasureNumber(number)) return nextValue(name, values)
    // A measure of another profile of the rule has no numbers here.
    if (numbers === undefined) return nextValue(name, values) ?? null
    return formatNumber(numbers, number)
  }
  return fillPlaces(text, valueOf, '?')
}

function formatNumber(numbers: MeasureNumbers, number: MeasureNumber): string | null {
  const value = numbers[number]
  if (value === null) return null
  switch (number) {
    case 'share':
    case 'of':
    case 'lo':
    case 'hi':
    case 'within':
    case 'rising':
    case 'perDay':
      return formatShare(value)
    case 'count':
      return numbers.unit === 'bytes' ? null : formatCount(value)
    case 'samples':
    case 'hits':
    case 'snapshots':
    case 'hours':
    case 'held':
    case 'stacks':
    case 'minutes':
      return formatCount(value)
    case 'value':
    case 'mean':
    case 'growth':
    case 'base':
      return formatValue(value, numbers.unit)
    case 'since':
    case 'latestSince':
      return `${new Date(value).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    default:
      return formatCores(value)
  }
}
