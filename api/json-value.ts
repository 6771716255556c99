// Reading JSON and YAML from outside.

/** An object with keys: neither null nor a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value under `keys`; undefined when a key is missing. */
export function valueAt(value: unknown, ...keys: readonly string[]): unknown {
  let at = value
  for (const key of keys) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = Reflect.get(at, key)
  }
  return at
}

/** The text under `keys`; null when missing or empty. */
export function textAt(value: unknown, ...keys: readonly string[]): string | null {
  const text = valueAt(value, ...keys)
  return typeof text === 'string' && text !== '' ? text : null
}

export function numberAt(value: unknown, ...keys: readonly string[]): number | null {
  const number = valueAt(value, ...keys)
  return typeof number === 'number' ? number : null
}

export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const list = valueAt(value, ...keys)
  return Array.isArray(list) ? list : []
}
