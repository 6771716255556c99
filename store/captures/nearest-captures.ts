import type { Kysely, Selectable } from 'kysely'
import type { CaptureMatch, CapturePartKind } from '../../api/index.ts'
import type { Direction } from '../near.ts'
import { namesProcess, ofAddress, ofComponent, ofNames, ofUnnamed } from './near-captures.ts'
import type { Schema } from '../schema/schema.ts'

/** So many of the nearest are looked at: one of them may be of the very process, or have what is to be compared. */
const LOOKED_AT_MAX = 20

export interface NearCapture {
  readonly id: string
  readonly match: CaptureMatch
}

type Row = Selectable<Schema['capture']>

interface Asked {
  readonly capture: Row
  readonly kind: CapturePartKind | undefined
  readonly direction: Direction
}

/**
 * The capture beside one in time that it can be compared with; `null` without one. With `kind`, of those alone that have
 * such a part.
 */
export async function nearestCapture(
  db: Kysely<Schema>,
  { capture, kind, direction }: Asked,
): Promise<NearCapture | null> {
  const near = await nearestCaptures(db, capture, direction)
  if (kind === undefined || near.length === 0) return near[0] ?? null
  const withKind = await db
    .selectFrom('captureFile')
    .select('captureId')
    .where(
      'captureId',
      'in',
      near.map(({ id }) => id),
    )
    .where('kind', '=', kind)
    .execute()
  return near.find(({ id }) => withKind.some(({ captureId }) => captureId === id)) ?? null
}

/** Those to prefer first. */
async function nearestCaptures(
  db: Kysely<Schema>,
  capture: Row,
  direction: Direction,
): Promise<readonly NearCapture[]> {
  const same = await ofSameProcess(db, capture, direction)
  if (same.length > 0 || capture.component === null) return same
  const [other] = await ofComponent(db, capture, direction).select('capture.id').limit(1).execute()
  return other === undefined ? [] : [{ id: other.id, match: 'other' }]
}

async function ofSameProcess(
  db: Kysely<Schema>,
  capture: Row,
  direction: Direction,
): Promise<readonly NearCapture[]> {
  if (namesProcess(capture)) {
    const named = await ofSameName(db, capture, direction)
    return named.map((row) => ({
      id: row.id,
      match: isSameProcess(row, capture) ? 'process' : 'instance',
    }))
  }
  if (capture.component === null) return []
  const unnamed = await rowsOf(ofUnnamed(db, capture, direction))
  const found = unnamed.map((row): NearCapture => ({
    id: row.id,
    match: isSameProcess(row, capture) ? 'process' : 'component',
  }))
  const isSure = ({ match }: NearCapture) => match === 'process'
  return [...found.filter(isSure), ...found.filter((near) => !isSure(near))]
}

/** By its address; a process that was moved keeps its names. */
async function ofSameName(db: Kysely<Schema>, capture: Row, direction: Direction) {
  const atAddress =
    capture.processKey === null ? [] : await rowsOf(ofAddress(db, capture, direction))
  const { target, instance } = capture
  const isNamed = target !== null || instance !== null
  return atAddress.length > 0 || !isNamed ? atAddress : rowsOf(ofNames(db, capture, direction))
}

function rowsOf(query: ReturnType<typeof ofNames>) {
  return query
    .select(['capture.id', 'capture.processStartedAtMs', 'capture.previousCaptureId'])
    .limit(LOOKED_AT_MAX)
    .execute()
}

type Compared = Pick<Row, 'id' | 'processStartedAtMs' | 'previousCaptureId'>

/** Whether its metrics, or what the process counts, have shown that both are of one process. */
function isSameProcess(one: Compared, other: Compared): boolean {
  if (one.previousCaptureId === other.id || other.previousCaptureId === one.id) return true
  return one.processStartedAtMs !== null && one.processStartedAtMs === other.processStartedAtMs
}
