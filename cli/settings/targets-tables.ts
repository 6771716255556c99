import type { TSchema } from 'typebox'
import { TargetsFile } from '../../collect/index.ts'

export const TABLES_BEGIN = '<!-- made of the schema by `npm run docs:config`: edit that -->'
export const TABLES_END = '<!-- made: end -->'

/** Every key of a targets file, one table for each section, for docs/targets.md. */
export function targetsTables(): string {
  const sections = Object.entries<TSchema>(TargetsFile.properties).map(([section, schema]) =>
    [
      `### ${section}`,
      '',
      '| key | values | default | |',
      '|---|---|---|---|',
      ...rowsOf('', entryOf(schema)),
      '',
    ].join('\n'),
  )
  return `${TABLES_BEGIN}\n\n${sections.join('\n')}\n${TABLES_END}`
}

/** The page with its tables regenerated. */
export function withTables(page: string): string {
  const begin = page.indexOf(TABLES_BEGIN)
  const end = page.indexOf(TABLES_END)
  if (begin === -1 || end === -1) throw new Error('the page has no place for tables')
  return page.slice(0, begin) + targetsTables() + page.slice(end + TABLES_END.length)
}

/** The schema facts about one entry of a section. */
function entryOf(schema: TSchema): object {
  if ('items' in schema) return Object(schema.items)
  const patterns =
    'patternProperties' in schema ? Object.values(Object(schema.patternProperties)) : []
  return patterns.length > 0 ? Object(patterns[0]) : schema
}

function rowsOf(prefix: string, schema: object): readonly string[] {
  const properties: readonly [string, object][] =
    'properties' in schema ? Object.entries(Object(schema.properties)) : []
  const required: readonly unknown[] =
    'required' in schema && Array.isArray(schema.required) ? schema.required : []
  return properties.flatMap(([key, value]) => {
    const inner = rowsOf(`${prefix}${key}.`, value)
    const says = 'description' in value ? String(value.description) : ''
    const lead = required.includes(key) ? `Needed. ${says}`.trim() : says
    if (inner.length > 0 && says === '') return inner
    const fallback = 'default' in value ? `\`${String(value.default)}\`` : ''
    return [
      `| \`${prefix}${key}\` | ${valuesOf(value)} | ${fallback} | ${lead.replaceAll('|', '\\|')} |`,
      ...inner,
    ]
  })
}

function valuesOf(schema: object): string {
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.join(', ')
  const type = 'type' in schema ? String(schema.type) : 'text'
  const shown = TYPES[type] ?? type
  if ('minimum' in schema && 'maximum' in schema) {
    return `${shown}, ${String(schema.minimum)} to ${String(schema.maximum)}`
  }
  return shown
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'list',
  object: '`{}`',
  boolean: 'true, false',
  string: 'text',
  integer: 'whole number',
}
