import { type Expression, type Kysely, type RawBuilder, sql } from 'kysely'
import { FACET_VALUES_MAX, type Label } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'

/** Where the rows of a list and what they are filtered by are found. All names are of the database. */
export interface FilteredList {
  readonly table: 'profile' | 'capture'
  /** So many rows of the list, with all columns that are filtered by. */
  newest(db: Kysely<Schema>, filter: ListFilter, limit: number): Expression<unknown>
  /** What of a filter the indexes have, so that few rows are read in vain. */
  indexed(filter: ListFilter): ListFilter
  /** The column of each filter, or what stands for one. */
  readonly columns: Readonly<Record<string, string | RawBuilder<string | null>>>
  /** What is filtered by without a column. */
  readonly conditions?: Readonly<Record<string, (value: unknown) => RawBuilder<unknown>>>
  readonly labels: LabelRows
}

/** The table of a list's labels, its column with the row that has one, and that row's id. */
export interface LabelRows {
  readonly table: string
  readonly rowId: string
  readonly id: string
}

export interface ListFilter {
  readonly status?: string
  readonly level?: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly labels?: readonly Label[]
}

export interface FacetCount {
  /** `null` for rows without one. */
  readonly value: string | null
  readonly count: number
}

/** How many rows are counted: pages ask again and again, and of a million the newest say what there is. */
const COUNTED_MAX = 10_000

/** Whether a list is of a time range, and so in order of its own times. */
export function isOfTimeRange({ fromMs, toMs }: ListFilter): boolean {
  return fromMs !== undefined || toMs !== undefined
}

type Column = FilteredList['columns'][string]

function expressionOf(column: Column) {
  return typeof column === 'string' ? sql.ref(column) : column
}

/** Whether a column has a value; an empty one stands for rows without a value. */
export function hasValue(column: Column, value: unknown): RawBuilder<boolean> {
  const of = expressionOf(column)
  return value === '' ? sql<boolean>`${of} is null` : sql<boolean>`${of} = ${value}`
}

/**
 * The level of the worst finding that a column holds as JSON; null without a finding. Quotes within a text of it are
 * escaped, so that nothing but the field matches.
 */
export function levelIn(column: string): RawBuilder<string | null> {
  const of = sql.ref(column)
  return sql<string | null>`case when ${of} like '%"level":"critical"%' then 'critical'
    when ${of} like '%"level":"warning"%' then 'warning'
    when ${of} like '%"level":"info"%' then 'info' end`
}

/** Whether a row has a label; an empty value stands for rows without one of the name. */
export function hasLabel(
  { table, rowId, id }: LabelRows,
  { name, value }: Label,
): RawBuilder<boolean> {
  const isOfValue = sql`${sql.ref(`${table}.value`)} ${sql.raw(value === '' ? '<>' : '=')} ${value}`
  return sql<boolean>`${sql.raw(value === '' ? 'not exists' : 'exists')} (select 1 from ${sql.table(table)}
    where ${sql.ref(`${table}.${rowId}`)} = ${sql.ref(id)} and ${sql.ref(`${table}.name`)} = ${name} and ${isOfValue})`
}

/** The label whose rows a list may be read from. */
export function firstLabel({ labels = [] }: ListFilter): Label | undefined {
  return labels.find(({ value }) => value !== '')
}

/** Whether rows with a worst finding of this level have an index of their own: they may be few, and far apart. */
export function hasIndex(level: string | undefined): level is 'critical' | 'warning' {
  return level === 'critical' || level === 'warning'
}

/** Whether the worst finding in a column is of this level; empty for none. Begins with what the index of the level says. */
export function hasLevel(column: string, level: string): RawBuilder<boolean> {
  const isOfLevel = hasValue(levelIn(column), level)
  if (!hasIndex(level)) return isOfLevel
  return sql<boolean>`${sql.ref(column)} like ${sql.lit(`%"level":"${level}"%`)} and ${isOfLevel}`
}

/** What a filter has of these names. */
export function given(filter: ListFilter, names: readonly string[]): ListFilter {
  return Object.fromEntries(
    Object.entries(filter).filter(([name, value]) => names.includes(name) && value !== undefined),
  )
}

/** What is left of a filter for the counts of one of its values. */
function without(filter: ListFilter, name: string): ListFilter {
  return Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name))
}

/** Whether a row of the list matches every filter given but the time, of which these rows are already. */
function matchesFilter(list: FilteredList, filter: ListFilter): RawBuilder<boolean> {
  const { labels = [], ...values } = filter
  const conditions = [sql`true`]
  for (const [name, value] of Object.entries(values)) {
    const [column, condition] = [list.columns[name], list.conditions?.[name]]
    if (value !== undefined && condition !== undefined) conditions.push(condition(value))
    if (value === undefined || column === undefined) continue
    conditions.push(hasValue(column, value))
  }
  for (const label of labels) conditions.push(hasLabel(list.labels, label))
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

interface Counted {
  readonly name: string
  readonly filter: ListFilter
}

export type Facets<Name extends string> = Readonly<Record<Name, readonly FacetCount[]>>

/**
 * How many rows that match all other filters have each value of some columns; most first. Of the newest 10,000 rows that
 * the indexes have for these filters, and whether there are more.
 */
export async function countFacets<Name extends string>(
  db: Kysely<Schema>,
  list: FilteredList,
  { names, filter }: { readonly names: readonly Name[]; readonly filter: ListFilter },
): Promise<Facets<Name> & { readonly isCut: boolean }> {
  const facets: Partial<Record<Name, readonly FacetCount[]>> = {}
  for (const name of names) {
    const { rows } = await countQuery(db, list, { name, filter }).execute(db)
    facets[name] = rows
  }
  const isCut = await isCountCut(db, list, { names, filter })
  // Every name has its counts by now.
  // oxlint-disable-next-line no-unsafe-type-assertion
  return { ...(facets as Facets<Name>), isCut }
}

/** Whether the values of some of these names were counted among the newest rows only, as there are more. */
async function isCountCut(
  db: Kysely<Schema>,
  list: FilteredList,
  { names, filter }: { readonly names: readonly string[]; readonly filter: ListFilter },
): Promise<boolean> {
  const parts = new Map<string, ListFilter>()
  for (const name of names) {
    const part = list.indexed(without(filter, name))
    parts.set(JSON.stringify(part), part)
  }
  for (const part of parts.values()) {
    const newest = list.newest(db, part, COUNTED_MAX + 1)
    const { rows } =
      await sql`select 1 from ${newest} as "newest" limit 1 offset ${COUNTED_MAX}`.execute(db)
    if (rows.length > 0) return true
  }
  return false
}

export function countQuery(db: Kysely<Schema>, list: FilteredList, { name, filter }: Counted) {
  const column = expressionOf(list.columns[name] ?? name)
  const others = without(filter, name)
  return sql<FacetCount>`select ${column} as "value", count(*) as "count"
    from ${list.newest(db, list.indexed(others), COUNTED_MAX)} as ${sql.table(list.table)}
    where ${matchesFilter(list, others)}
    group by ${column} order by "count" desc, coalesce(${column}, '') limit ${FACET_VALUES_MAX}`
}
