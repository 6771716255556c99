import { sql, type Kysely, type SelectQueryBuilder } from 'kysely'
import type { CapturePart } from '../../api/index.ts'
import type { StoredCapture, StoredCaptureFile } from './capture-store.ts'
import { fromJson } from '../database/from-json.ts'
import type { Schema } from '../schema/schema.ts'

/** When a capture was started, or created where it was not; in milliseconds. An index has this very expression. */
export const STARTED_AT = sql<number>`coalesce("capture"."startedAtMs", "capture"."createdAtMs")`

/** The live captures, with the state of their judgement. */
export function liveCaptures(db: Kysely<Schema>) {
  return withJudgement(db.selectFrom('capture'))
}

/** The live ones of captures that may be joined to others, with the state of their judgement. */
export function withJudgement(
  captures: SelectQueryBuilder<Schema, 'capture' | 'captureLabel', object>,
) {
  return captures
    .leftJoin('captureJudgement', 'captureJudgement.captureId', 'capture.id')
    .where('capture.deletedAtMs', 'is', null)
    .selectAll('capture')
    .select([
      'captureJudgement.state as judgementState',
      'captureJudgement.failureJson as judgementFailureJson',
      'captureJudgement.judgedAtMs',
    ])
}

type CaptureRow = NonNullable<
  Awaited<ReturnType<ReturnType<typeof liveCaptures>['executeTakeFirst']>>
>

/** The rows as captures, with their files as parts. */
export async function toCaptures(
  db: Kysely<Schema>,
  rows: readonly CaptureRow[],
): Promise<readonly StoredCapture[]> {
  const files = await filesOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => toCapture(row, files.get(row.id) ?? []))
}

type FileOfCapture = StoredCaptureFile & {
  readonly durationMs: number | null
  readonly note: string | null
}

/** The files of captures, by the capture's id, in the order they came. */
export async function filesOf(
  db: Kysely<Schema>,
  captureIds: readonly string[],
): Promise<ReadonlyMap<string, readonly FileOfCapture[]>> {
  const files = new Map<string, FileOfCapture[]>()
  if (captureIds.length === 0) return files
  const rows = await db
    .selectFrom('captureFile')
    .leftJoin('profile', 'profile.id', 'captureFile.profileId')
    .selectAll('captureFile')
    .select(sql<string>`coalesce("captureFile"."blobId", "profile"."rawBlobId")`.as('blobKey'))
    .where('captureFile.captureId', 'in', captureIds)
    .where('profile.deletedAtMs', 'is', null)
    .orderBy('captureFile.createdAtMs')
    .orderBy('captureFile.name')
    .execute()
  for (const { captureId, blobId: _, ...file } of rows) {
    const known = files.get(captureId)
    if (known === undefined) files.set(captureId, [file])
    else known.push(file)
  }
  return files
}

function toCapture(row: CaptureRow, files: readonly FileOfCapture[]): StoredCapture {
  const { judgementState, judgedAtMs } = row
  const isOver = row.status !== 'waiting' && row.status !== 'running'
  const hasFailed = judgementState === 'failed' || (judgementState === null && isOver)
  const reportStatus = judgedAtMs !== null ? 'ready' : hasFailed ? 'failed' : 'waiting'
  return {
    id: row.id,
    space: row.space,
    status: row.status,
    origin: row.origin,
    target: row.target,
    component: row.component,
    instance: row.instance,
    cluster: row.cluster,
    processKey: row.processKey,
    schedule: row.schedule,
    request: fromJson(row.requestJson),
    labels: JSON.parse(row.labelsJson),
    note: row.note,
    kubernetesVersion: row.kubernetesVersion,
    goVersion: row.goVersion,
    seconds: row.seconds,
    parts: toParts(JSON.parse(row.partsJson), files),
    error: fromJson(row.errorJson),
    createdAtMs: row.createdAtMs,
    startedAtMs: row.startedAtMs,
    finishedAtMs: row.finishedAtMs,
    cancelAskedAtMs: row.cancelAskedAtMs,
    leaseOwner: row.leaseOwner,
    reportStatus,
    reportFailure: reportStatus === 'failed' ? fromJson(row.judgementFailureJson) : null,
    worstFinding: fromJson(row.worstFindingJson),
    findingCount: row.findingCount,
    previousCaptureId: row.previousCaptureId,
    pinnedAtMs: row.pinnedAtMs,
  }
}

/** A part with a file counts as taken, whatever its recorded state. Unannounced files come last. */
function toParts(
  parts: readonly CapturePart[],
  files: readonly FileOfCapture[],
): readonly CapturePart[] {
  const byName = new Map(files.map((file) => [file.name, file]))
  const announced = parts.map((part): CapturePart => {
    const file = byName.get(part.fileName ?? '')
    if (file === undefined) return part
    byName.delete(file.name)
    return {
      ...part,
      state: 'taken',
      profileId: file.profileId,
      sizeBytes: file.sizeBytes,
      durationMs: file.durationMs ?? part.durationMs,
      note: file.note ?? part.note,
    }
  })
  return [...announced, ...[...byName.values()].map(toPart)]
}

function toPart(file: FileOfCapture): CapturePart {
  const { kind, profileId, name, sizeBytes, durationMs, note } = file
  return {
    kind,
    state: 'taken',
    profileId,
    fileName: name,
    sizeBytes,
    durationMs,
    error: null,
    note,
  }
}
