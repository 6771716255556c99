import type { Kysely } from 'kysely'
import type { Language } from '../../api/index.ts'
import type { EventFilter } from './event-filter.ts'
import { isOfSpace } from '../database/of-space.ts'
import { STARTED_AT } from './capture-rows.ts'
import type { SqlStoreOptions } from '../database/sql-store-options.ts'
import type { SeenFinding } from '../findings/finding-store.ts'
import { type RequestGrowth, requestGrowth } from './request-growth.ts'
import type { Schema } from '../schema/schema.ts'

/** Something that happened to a process, beside what its profiles measure. */
export interface StoredEvent {
  readonly atMs: number
  /** `finding`: one opened, returned or became worse. `alert`: an alert had a capture taken. */
  readonly kind: 'version' | 'restart' | 'finding' | 'alert'
  readonly target: string
  readonly cluster: string | null
  readonly instance: string | null
  /** The versions of Kubernetes of a change. */
  readonly before: string | null
  readonly after: string | null
  /** Of the finding. */
  readonly title: Readonly<Record<Language, string>> | null
  readonly captureId: string | null
  readonly findingId: string | null
}

export interface EventStore {
  /** By time. Captures after the newest 20,000 of the span are not looked at. */
  list(filter: EventFilter): Promise<readonly StoredEvent[]>
  /** What processes served from capture to capture, of which none is more than `gapMsMax` after the one before. */
  requests(filter: EventFilter, gapMsMax: number): Promise<readonly RequestGrowth[]>
}

const CAPTURES_MAX = 20_000
/** Start times are read from a metric in seconds. */
const START_TOLERANCE_MS = 2000

export function sqlEventStore({ db }: Pick<SqlStoreOptions, 'db'>): EventStore {
  return {
    async list(filter) {
      if (filter.targets.length === 0) return []
      const events = [...(await ofCaptures(db, filter)), ...(await ofFindings(db, filter))]
      return events.toSorted((a, b) => a.atMs - b.atMs)
    },
    requests: (filter, gapMsMax) => requestGrowth(db, filter, gapMsMax),
  }
}

async function ofCaptures(db: Kysely<Schema>, { space, targets, fromMs, toMs }: EventFilter) {
  const rows = await db
    .selectFrom('capture')
    .select([
      'id',
      'target',
      'cluster',
      'instance',
      'origin',
      'kubernetesVersion',
      'processStartedAtMs',
      STARTED_AT.as('atMs'),
    ])
    .where(isOfSpace('capture', space))
    .where('target', 'in', [...targets])
    .where('deletedAtMs', 'is', null)
    .where(STARTED_AT, '>=', fromMs)
    .where(STARTED_AT, '<', toMs)
    .orderBy(STARTED_AT, 'desc')
    .limit(CAPTURES_MAX)
    .execute()
  const captures = rows
    .toReversed()
    .flatMap(({ target, ...row }) => (target === null ? [] : [{ target, ...row }]))
  const processes = Map.groupBy(captures, ({ target, cluster, instance }) =>
    JSON.stringify([target, cluster, instance]),
  )
  return [...processes.values()].flatMap((own) =>
    own.flatMap((capture, row) => eventsOf(capture, own[row - 1], fromMs)),
  )
}

interface TakenCapture {
  readonly id: string
  readonly target: string
  readonly cluster: string | null
  readonly instance: string | null
  readonly origin: string
  readonly kubernetesVersion: string | null
  readonly processStartedAtMs: number | null
  readonly atMs: number
}

function eventsOf(
  { id, target, cluster, instance, ...capture }: TakenCapture,
  last: TakenCapture | undefined,
  fromMs: number,
): readonly StoredEvent[] {
  const { atMs, processStartedAtMs: startedAtMs, kubernetesVersion: after } = capture
  const common = { target, cluster, instance, captureId: id, ...NOTHING }
  const lastStart = last?.processStartedAtMs ?? null
  const hasRestarted =
    startedAtMs !== null && lastStart !== null && startedAtMs > lastStart + START_TOLERANCE_MS
  const before = last?.kubernetesVersion ?? null
  const isOther = before !== null && after !== null && before !== after
  return [
    ...(hasRestarted
      ? [{ ...common, kind: 'restart' as const, atMs: Math.max(startedAtMs, fromMs) }]
      : []),
    ...(isOther ? [{ ...common, kind: 'version' as const, atMs, before, after }] : []),
    ...(capture.origin === 'alert' ? [{ ...common, kind: 'alert' as const, atMs }] : []),
  ]
}

const NOTHING = { before: null, after: null, title: null, findingId: null } as const

async function ofFindings(
  db: Kysely<Schema>,
  { space, targets, fromMs, toMs }: EventFilter,
): Promise<readonly StoredEvent[]> {
  const rows = await db
    .selectFrom('findingEvent')
    .innerJoin('finding', 'finding.id', 'findingEvent.findingId')
    .innerJoin('findingSubject', 'findingSubject.id', 'finding.subjectId')
    .leftJoin('findingObservation', 'findingObservation.id', 'findingEvent.observationId')
    .select([
      'findingEvent.atMs',
      'findingEvent.findingId',
      'finding.seenJson',
      'findingSubject.target',
      'findingSubject.cluster',
      'findingSubject.instance',
      'findingObservation.kind as observationKind',
      'findingObservation.id as observationId',
    ])
    .where('findingEvent.kind', 'in', ['opened', 'returned', 'worse'])
    .where('findingSubject.space', '=', space)
    .where('findingSubject.target', 'in', [...targets])
    .where('findingEvent.atMs', '>=', fromMs)
    .where('findingEvent.atMs', '<', toMs)
    .execute()
  return rows.flatMap(({ target, seenJson, observationKind, observationId, ...row }) => {
    if (target === null) return []
    const { title }: Pick<SeenFinding, 'title'> = JSON.parse(seenJson)
    const captureId = observationKind === 'capture' ? observationId : null
    return [{ ...NOTHING, ...row, kind: 'finding' as const, target, title, captureId }]
  })
}
