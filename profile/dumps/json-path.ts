/** The keys and indices that lead to a value within a JSON text. */
export type JsonPath = readonly (string | number)[]

/** The path to the first string that contains a text. Null if the line is not a JSON object or contains none. */
export function stringHolding(line: string, text: string): JsonPath | null {
  const value = parseObject(line)
  return value === null ? null : pathTo(value, text)
}

/** The string at that path of another such line; null without one. */
export function valueAt(line: string, path: JsonPath): string | null {
  let value: unknown = parseObject(line)
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return null
    value = Reflect.get(value, key)
  }
  return typeof value === 'string' ? value : null
}

function parseObject(line: string): object | null {
  const trimmed = line.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null
  try {
    const value: unknown = JSON.parse(trimmed)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}

interface Visited {
  readonly value: unknown
  readonly path: JsonPath
}

function pathTo(root: object, text: string): JsonPath | null {
  const open: Visited[] = [{ value: root, path: [] }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next
    if (typeof value === 'string' && value.includes(text)) return path
    if (typeof value !== 'object' || value === null) continue
    const members = Object.entries(value).toReversed()
    for (const [key, member] of members) open.push({ value: member, path: [...path, key] })
  }
  return null
}
