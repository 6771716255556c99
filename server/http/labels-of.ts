import type { ProfileLabel } from '../../store/index.ts'

/** `label.NAME=VALUE` parameters of a query as pairs, in their order. */
export function labelsOf(query: object): readonly ProfileLabel[] {
  return Object.entries(query)
    .filter(([name]) => name.startsWith('label.'))
    .map(([name, value]) => ({ name: name.slice('label.'.length), value: String(value) }))
}
