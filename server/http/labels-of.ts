import type { ProfileLabel } from '../../store/index.ts'

/** `label.NAME=VALUE` parameters of a query as pairs, in their order. */
export function labelsOf(query: object): readonly ProfileLabel[] {
  return Object.entries(query)
    .filter(([name]) => name.startsWith('label.'))
    .map(([name, value]) => ({ name: name.slice('label.'.length), value: String(value) }))
}

/** The labels that an upload declares: one without a value is none. */
export function declaredLabelsOf(query: object): readonly ProfileLabel[] {
  return labelsOf(query).filter(({ value }) => value !== '')
}
