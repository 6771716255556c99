import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Label } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'
import { isOfSpace } from './of-space.ts'

/** Where the rows of a list and what they are filtered by are found. All names are of the database. */
export interface FilteredList {
  readonly table: 'profile' | 'capture'
  /** What its rows are joined with. */
  readonly joined: RawBuilder<unknown>
  /** What every row of the list is. */
  readonly isListed: RawBuilder<unknown>
  /** The column of each filter, or what stands for one. */
  readonly columns: Readonly<Record<string, string | RawBuilder<string | null>>>
  /** The time of a row in milliseconds. */
  readonly at: RawBuilder<number>
  readonly labels: { readonly table: string; readonly rowId: string; readonly id: string }
}

export interface ListFilter {
  readonly fromMs?: number
  readonly toMs?: number
  readonly labels?: readonly Label[]
}

export interface FacetCount {
  /** `null` for rows without one. */
  readonly value: string | null
  readonly count: number
}

const VALUES_MAX = 100
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

/** Whether a row matches every filter given. */
function matchesFilter(list: FilteredList, filter: ListFilter): RawBuilder<boolean> {
  const { fromMs, toMs, labels = [], ...values } = filter
  const conditions = [list.isListed]
  for (const [name, value] of Object.entries(values)) {
    const column = list.columns[name]
    if (column === undefined || value === undefined) continue
    conditions.push(hasValue(column, value))
  }
  if (fromMs !== undefined) conditions.push(sql`${list.at} >= ${fromMs}`)
  if (toMs !== undefined) conditions.push(sql`${list.at} < ${toMs}`)
  const { table, rowId, id } = list.labels
  for (const { name, value } of labels) {
    conditions.push(
      sql`exists (select 1 from ${sql.table(table)} where ${sql.ref(`${table}.${rowId}`)} = ${sql.ref(id)}
        and ${sql.ref(`${table}.name`)} = ${name} and ${sql.ref(`${table}.value`)} = ${value})`,
    )
  }
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

interface Counted {
  readonly name: string
  readonly filter: ListFilter
}

/**
 * How many rows that match all other filters have each value of a filter; most first. Of the newest 10,000 rows of the
 * space, target, component and time that the filters say.
 */
export async function countValues(
  db: Kysely<Schema>,
  list: FilteredList,
  counted: Counted,
): Promise<readonly FacetCount[]> {
  // Postgres counts in 64 bits, which its driver gives as text.
  const { rows } = await countQuery(list, counted).execute(db)
  return rows.map(({ value, count }) => ({ value, count: Number(count) }))
}

/** Whether a list has more rows than are counted, of whatever target and component. */
export async function isCountCut(
  db: Kysely<Schema>,
  list: FilteredList,
  { target: _target, component: _component, ...filter }: NarrowFilter,
): Promise<boolean> {
  const { rows } = await newestRows(list, filter, sql`limit 1 offset ${COUNTED_MAX}`).execute(db)
  return rows.length > 0
}

export function countQuery(list: FilteredList, { name, filter }: Counted) {
  const column = expressionOf(list.columns[name] ?? name)
  const others = Object.fromEntries(Object.entries(filter).filter(([key]) => key !== name))
  return sql<{
    value: string | null
    count: number | string
  }>`select ${column} as "value", count(*) as "count"
    from (${newestRows(list, others, sql`limit ${COUNTED_MAX}`)}) as ${sql.table(list.table)} ${list.joined}
    where ${matchesFilter(list, others)}
    group by ${column} order by "count" desc, coalesce(${column}, '') limit ${VALUES_MAX}`
}

/** In the order of an index, so that no more are read. */
function newestRows(
  { table, isListed, at }: FilteredList,
  filter: NarrowFilter,
  slice: RawBuilder<unknown>,
) {
  const { space, target, component, fromMs, toMs } = filter
  const conditions = [isListed]
  const narrow = Object.entries({ target, component }).filter(([, value]) => value !== undefined)
  for (const [name, value] of narrow) conditions.push(hasValue(`${table}.${name}`, value))
  if (space !== undefined) {
    conditions.push(narrow.length > 0 ? isOfSpace(table, space) : hasValue(`${table}.space`, space))
  }
  if (fromMs !== undefined) conditions.push(sql`${at} >= ${fromMs}`)
  if (toMs !== undefined) conditions.push(sql`${at} < ${toMs}`)
  const id = sql.ref(`${table}.id`)
  const order = isOfTimeRange(filter) ? sql`${at} desc, ${id} desc` : sql`${id} desc`
  return sql`select * from ${sql.table(table)} where ${sql.join(conditions, sql` and `)}
    order by ${order} ${slice}`
}

interface NarrowFilter extends ListFilter {
  readonly space?: string
  readonly target?: string
  readonly component?: string
}
