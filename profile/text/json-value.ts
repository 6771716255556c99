import { ProfileFormatError } from '../profile-format-error.ts'

// Reads values of untrusted JSON. A value of another type throws a ProfileFormatError with the given reason and the
// path to the value: `$.profiles[0].weights`.

export interface JsonPlace {
  readonly value: unknown
  /** From the top of the document, which is `$`. */
  readonly path: string
  readonly reason: string
}

export function refuseJson({ path, reason }: JsonPlace, what: string): never {
  throw new ProfileFormatError(reason, `${path} ${what}`)
}

export function memberOf(place: JsonPlace, key: string): JsonPlace {
  const { value, path, reason } = place
  if (!isObject(value)) refuseJson(place, 'is not an object')
  return {
    value: Object.hasOwn(value, key) ? value[key] : undefined,
    path: `${path}.${key}`,
    reason,
  }
}

export function itemOf({ path, reason }: JsonPlace, list: readonly unknown[], index: number) {
  return { value: list[index], path: `${path}[${index}]`, reason }
}

export function listAt(place: JsonPlace): readonly unknown[] {
  return Array.isArray(place.value) ? place.value : refuseJson(place, 'is not a list')
}

export function textAt(place: JsonPlace): string {
  return typeof place.value === 'string' ? place.value : refuseJson(place, 'is not a string')
}

export function numberAt(place: JsonPlace): number {
  const { value } = place
  return typeof value === 'number' && Number.isFinite(value)
    ? value
    : refuseJson(place, 'is not a number')
}

/** A row of a table with `length` rows. */
export function rowAt(place: JsonPlace, length: number): number {
  const row = numberAt(place)
  const isRow = Number.isInteger(row) && row >= 0 && row < length
  return isRow ? row : refuseJson(place, `is ${row}, but there are ${length} frames`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
