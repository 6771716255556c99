import type { TimeSpan } from '../charts/chart.ts'
import { type KnownRates, useRequestRates } from '../compare/use-request-rates.ts'
import { rangeParams, type RangeState } from './range-state.ts'

/** What the processes of a range served a second, and in the window that it is compared with; `null` where that is not known. */
export function useRangeRates(range: RangeState): KnownRates | null {
  const { before, type } = range
  const isCounted = before !== null && type === 'cpu'
  return useRequestRates(
    isCounted ? requestParams(range, before) : null,
    isCounted ? requestParams(range, range) : null,
  )
}

function requestParams(range: RangeState, span: TimeSpan) {
  const { si: _, by: __, ...params } = rangeParams(range, span)
  return params
}
