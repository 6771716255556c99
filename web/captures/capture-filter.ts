import type { SearchParams } from '../view-state/search-params.ts'
import { readTimes } from '../view-state/time-params.ts'

const NAMES = ['target', 'component', 'status'] as const

/** The parameters of the API for the filters of the address. */
export function readCaptureFilter(
  params: SearchParams,
  nowMs: number,
): Readonly<Record<string, string>> {
  const chosen = NAMES.flatMap((name) => (params[name] ? [[name, params[name]] as const] : []))
  return { ...Object.fromEntries(chosen), ...readTimes(params, nowMs) }
}
