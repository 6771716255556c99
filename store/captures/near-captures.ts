import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import { type Direction, isBeside, isValue, nearestFirst } from '../near.ts'
import { isOfSpace } from '../database/of-space.ts'
import { STARTED_AT } from './capture-rows.ts'
import type { Schema } from '../schema/schema.ts'

/** What of a capture says which captures are of the same process, and beside it in time. */
export type CaptureRow = Pick<
  Selectable<Schema['capture']>,
  | 'id'
  | 'space'
  | 'target'
  | 'component'
  | 'instance'
  | 'cluster'
  | 'processKey'
  | 'startedAtMs'
  | 'createdAtMs'
>

/** Of the captures of a component, those of other spaces included, so many are looked at. */
const LOOKED_AT_MAX = 1000

/** Whether a capture names its process. Of one that does not, such as a dropped folder, the component alone is known. */
export function namesProcess({
  processKey = null,
  target,
  instance,
}: Pick<CaptureRow, 'target' | 'instance'> & Partial<Pick<CaptureRow, 'processKey'>>): boolean {
  return processKey !== null || target !== null || instance !== null
}

/** Captures of the process at the same address, the nearest first. */
export function ofAddress(db: Kysely<Schema>, capture: CaptureRow, direction: Direction) {
  return inOrder(
    ended(db, capture, direction).where('capture.processKey', '=', capture.processKey),
    direction,
  )
}

/** Captures of the same target, instance and cluster, the nearest first. */
export function ofNames(db: Kysely<Schema>, capture: CaptureRow, direction: Direction) {
  const { target, instance, cluster } = capture
  const order = nearestFirst(direction)
  const named = ended(db, capture, direction)
    .where(isValue('capture.target', target))
    .where(isValue('capture.instance', instance))
    .where(isValue('capture.cluster', cluster))
    // Of columns that are null Postgres does not know that they are all the same.
    .orderBy('capture.target', order)
    .orderBy('capture.instance', order)
  return inOrder(named, direction)
}

/** Captures of the same component and cluster that do not name their process either, the nearest first. */
export function ofUnnamed(db: Kysely<Schema>, capture: CaptureRow, direction: Direction) {
  const { space, component, cluster } = capture
  const unnamed = beside(db, capture, direction)
    .where('capture.space', '=', space)
    .where('capture.component', '=', component)
    .where('capture.target', 'is', null)
    .where('capture.instance', 'is', null)
    .where('capture.processKey', 'is', null)
    .where(isValue('capture.cluster', cluster))
  return inOrder(whereEnded(unnamed), direction)
}

/** Captures of the same component, whatever they name, the nearest first. */
export function ofComponent(db: Kysely<Schema>, capture: CaptureRow, direction: Direction) {
  const nearest = inOrder(
    beside(db, capture, direction).where('capture.component', '=', capture.component),
    direction,
  )
  const looked = nearest.selectAll('capture').limit(LOOKED_AT_MAX)
  const ofSpace = db.selectFrom(looked.as('capture')).where(isOfSpace('capture', capture.space))
  return inOrder(whereEnded(ofSpace), direction)
}

type CaptureQuery = SelectQueryBuilder<Schema, 'capture', object>

function ended(db: Kysely<Schema>, capture: CaptureRow, direction: Direction): CaptureQuery {
  const ofSpace = beside(db, capture, direction).where(isOfSpace('capture', capture.space))
  return whereEnded(ofSpace)
}

function beside(db: Kysely<Schema>, capture: CaptureRow, direction: Direction): CaptureQuery {
  const { id, startedAtMs, createdAtMs } = capture
  const columns = { at: STARTED_AT, id: sql<string>`"capture"."id"` }
  const place = { id, atMs: startedAtMs ?? createdAtMs }
  return db.selectFrom('capture').where(isBeside(columns, place, direction))
}

/** What is still being taken, or has nothing, is compared with nothing. */
function whereEnded(captures: CaptureQuery): CaptureQuery {
  return captures
    .where('capture.status', 'in', ['complete', 'partial'])
    .where('capture.deletedAtMs', 'is', null)
}

function inOrder(captures: CaptureQuery, direction: Direction): CaptureQuery {
  const order = nearestFirst(direction)
  return captures.orderBy(STARTED_AT, order).orderBy('capture.id', order)
}
