import { isRecord } from '../../api/json-value.ts'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { FilePath, PathFault } from './targets-file-fault.ts'
import {
  ClusterEntry,
  NetworkEntry,
  ProfileSetEntry,
  ScheduleEntry,
  TargetEntry,
  TargetsFile,
  TriggerEntry,
} from './targets-file-schema.ts'

const LISTS: Readonly<Record<string, TSchema>> = {
  clusters: ClusterEntry,
  targets: TargetEntry,
  schedules: ScheduleEntry,
  triggers: TriggerEntry,
}

/** Checks the content against the schema, entry by entry, so that one bad entry does not hide another. */
export function checkShape(
  value: unknown,
): { readonly file: TargetsFile } | { readonly faults: readonly PathFault[] } {
  if (Value.Check(TargetsFile, value)) return { file: value }
  if (!isRecord(value)) {
    return { faults: [{ path: [], message: 'must hold sections, like `targets:`' }] }
  }
  const faults = Object.entries(value).flatMap(([section, entries]) => {
    const list = LISTS[section]
    if (list !== undefined) return listFaults(section, entries, list)
    if (section === 'profileSets') return setFaults(entries)
    if (section === 'network') return entryFaults([section], entries, NetworkEntry)
    const known = Object.keys(TargetsFile.properties)
    return [{ path: [section], isKey: true, message: `is not known here; ${oneOf(known)}` }]
  })
  return { faults: faults.length > 0 ? faults : [{ path: [], message: 'is not valid' }] }
}

function listFaults(section: string, entries: unknown, schema: TSchema): readonly PathFault[] {
  if (!Array.isArray(entries)) return [{ path: [section], message: 'must be a list' }]
  const limit = maxItems(section)
  if (entries.length > limit) {
    return [{ path: [section], message: `has more than ${limit} entries` }]
  }
  return entries.flatMap((entry, place) => entryFaults([section, place], entry, schema))
}

function maxItems(section: string): number {
  const schema = Object.entries<TSchema>(TargetsFile.properties).find(([key]) => key === section)
  return schema !== undefined && 'maxItems' in schema[1] ? Number(schema[1].maxItems) : Infinity
}

function setFaults(entries: unknown): readonly PathFault[] {
  if (!isRecord(entries)) {
    return [{ path: ['profileSets'], message: 'must hold named sets, like `baseline:`' }]
  }
  return Object.entries(entries).flatMap(([name, entry]) =>
    entryFaults(['profileSets', name], entry, ProfileSetEntry),
  )
}

/** The faults of one entry: unknown keys first, then invalid values. */
function entryFaults(base: FilePath, entry: unknown, schema: TSchema): readonly PathFault[] {
  const errors = Value.Errors(schema, entry)
  const unknown = errors.flatMap(({ keyword, params, instancePath }) =>
    keyword === 'additionalProperties'
      ? namesIn(params, 'additionalProperties').map((name): PathFault => ({
          path: [...base, ...segments(instancePath), name],
          isKey: true,
          message: unknownKey(schema, instancePath),
        }))
      : [],
  )
  const wrong = errors.flatMap(({ keyword, params, instancePath, message }): PathFault[] => {
    const path = [...base, ...segments(instancePath)]
    switch (keyword) {
      case 'boolean':
      case 'additionalProperties':
        return []
      case 'required': {
        const names = namesIn(params, 'requiredProperties')
        return [{ path, message: `lacks ${names.map((name) => `\`${name}\``).join(' and ')}` }]
      }
      case 'enum':
        return [{ path, message: `must be ${oneOf(namesIn(params, 'allowedValues'))}` }]
      case 'pattern':
        return [{ path, message: expected(schema, instancePath) ?? message }]
      default:
        return [{ path, message }]
    }
  })
  return [...unknown, ...withoutOuter(wrong)]
}

/** TypeBox reports a union and each of its branches: the innermost error says most. */
function withoutOuter(faults: readonly PathFault[]): readonly PathFault[] {
  const seen = new Set<string>()
  return faults.filter(({ path }, index) => {
    const text = path.join('/')
    const hasInner = faults.some(
      (other, at) => at !== index && other.path.join('/').startsWith(`${text}/`),
    )
    if (hasInner || seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function unknownKey(schema: TSchema, instancePath: string): string {
  const at = schemaAt(schema, instancePath)
  const known = at !== null && 'properties' in at ? Object.keys(Object(at.properties)) : []
  return known.length === 0 ? 'is not known here' : `is not known here; ${oneOf(known)}`
}

/** What the schema expects of a value, for people. */
function expected(schema: TSchema, instancePath: string): string | null {
  const at = schemaAt(schema, instancePath)
  const says = at !== null && 'description' in at ? String(at.description) : null
  return says === null ? null : `is not valid: ${says}`
}

function schemaAt(schema: TSchema, instancePath: string): TSchema | null {
  let at: unknown = schema
  for (const segment of segments(instancePath)) {
    if (!isRecord(at)) return null
    const properties = at['properties']
    at = isRecord(properties) ? properties[String(segment)] : at['items']
  }
  return isRecord(at) ? at : null
}

function segments(instancePath: string): FilePath {
  return instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function namesIn(params: object, key: string): readonly string[] {
  const names: unknown = Object.entries(params).find(([name]) => name === key)?.[1]
  return Array.isArray(names) ? names.map(String) : []
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.join(', ')}`
}
