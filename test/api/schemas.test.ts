import { expect, test } from 'vitest'
import * as api from '../../api/index.ts'

/** Numbers with their unit in another field, or that count what their name is. */
const UNITLESS = new Set([
  'value',
  'flat',
  'cum',
  'weight',
  'total',
  'share',
  'input',
  'count',
  'samples',
  'cores',
  'before',
  'after',
  'difference',
  'median',
  'deviation',
  // Of samples: the units are those of `sampleType` and `sampleTypes` beside them.
  'values',
  'leftOutTotal',
  // How many of the above.
  'deviations',
  'processes',
  // Of slots that were passed over, by reason.
  'missed',
  'overlap',
  'failing',
  'cost',
  // Of an execution trace: a goroutine's number, and GOMAXPROCS.
  'goroutine',
  'procs',
])
const UNITS =
  /(^seconds|Seconds|Days|Ms|Ns|Bytes(Max)?|Count|[sS]hare(Low|High)?|^(bytes|captures|profiles|requests)Per(Profile|Day|Second))$/
/** Where the names are states, the schema names the unit. */
const DESCRIBED_UNIT = /^(Nanoseconds|Seconds|Cores)\b/
const PPROF_PARAMETERS = new Set(['n', 'width', 'limit'])
const ROW_NUMBERS = new Set(['parent', 'caller', 'callee', 'inferred', 'matched', 'version'])

test('every number in the schemas has a unit in its name or beside it', () => {
  const names = Object.values(api).flatMap((schema) => numberNames(schema, ''))
  expect(names.filter((name) => !hasUnit(name))).toEqual([])
})

function hasUnit(name: string): boolean {
  return [UNITLESS, PPROF_PARAMETERS, ROW_NUMBERS].some((set) => set.has(name)) || UNITS.test(name)
}

function saysUnit(schema: object): boolean {
  return 'description' in schema && DESCRIBED_UNIT.test(String(schema.description))
}

function numberNames(schema: unknown, name: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const here =
    'type' in schema && (schema.type === 'number' || schema.type === 'integer') && !saysUnit(schema)
      ? [name]
      : []
  const below = Object.entries(schema).flatMap(([key, value]): string[] => {
    if (key === 'properties') {
      return Object.entries(value ?? {}).flatMap(([property, inner]) =>
        numberNames(inner, property),
      )
    }
    if (key === 'items') return numberNames(value, name)
    if (key === 'anyOf' && Array.isArray(value)) {
      return value.flatMap((inner) => numberNames(inner, name))
    }
    return []
  })
  return [...here, ...below]
}
