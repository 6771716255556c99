import { scaleValue } from '../units/format-value.ts'
import type { Pattern } from '../types.ts'

/** One tagfocus or tagignore. `key` is null where any key will do. */
export type TagFilter =
  | { readonly kind: 'range'; readonly key: string | null; readonly range: TagRange }
  | {
      readonly kind: 'patterns'
      readonly key: string | null
      readonly patterns: readonly Pattern[]
    }

/** Bounds are inclusive and in `unit`; null is open. */
export interface TagRange {
  readonly unit: string
  readonly min: number | null
  readonly max: number | null
}

/**
 * Reads pprof's language of tag filters: `[KEY=]VALUE`, where a value is a range of numbers (`32kb`, `:64kb`, `4mb:`,
 * `12kb:64mb`) or patterns separated by commas. Without a key all patterns must match some `key:value`; with one, any
 * of them any value of it.
 * https://github.com/google/pprof/blob/main/internal/driver/driver_focus.go
 */
export function parseTagFilter(text: string, compile: (source: string) => Pattern): TagFilter {
  const equals = text.indexOf('=')
  const key = equals === -1 ? null : text.slice(0, equals)
  const value = text.slice(equals + 1)
  const range = parseTagRange(value)
  if (range !== null) return { kind: 'range', key, range }
  return { kind: 'patterns', key, patterns: value.split(',').map(compile) }
}

/** The range that a text writes, or null where it writes none. */
export function parseTagRange(text: string): TagRange | null {
  const match = /^(:?)([+-]?\d+)([a-zA-Z]+)?(?:(:)([+-]?\d+)?([a-zA-Z]+)?)?$/.exec(text)
  if (match === null) return null
  const [, open, first, firstUnit = '', colon, second, secondUnit = ''] = match
  const { value, unit } = scaleValue(BigInt(first), firstUnit, firstUnit)
  if (open === ':') return colon === undefined ? { unit, min: null, max: value } : null
  if (colon === undefined) return { unit, min: value, max: value }
  if (second === undefined) return secondUnit === '' ? { unit, min: value, max: null } : null
  const upper = scaleValue(BigInt(second), secondUnit, unit)
  return upper.unit === unit ? { unit, min: value, max: upper.value } : null
}

export function isInTagRange(range: TagRange, value: bigint, unit: string): boolean {
  const scaled = scaleValue(value, unit, range.unit)
  if (scaled.unit !== range.unit) return false
  return (
    (range.min === null || scaled.value >= range.min) &&
    (range.max === null || scaled.value <= range.max)
  )
}
