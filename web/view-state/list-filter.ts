import type { SearchParams } from './search-params.ts'
import { readTimes } from './time-params.ts'

/** The filters of an address as parameters of the API: those named, and the times. */
export function readListFilter(
  params: SearchParams,
  names: readonly string[],
  nowMs: number,
): Readonly<Record<string, string>> {
  const chosen = names.flatMap((name) => {
    const value = params[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(chosen), ...readTimes(params, nowMs) }
}
