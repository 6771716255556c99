import type { Transaction } from 'kysely'
import { forgetLevels } from './enter-levels.ts'
import { foldAlike } from './fold-alike.ts'
import type { Schema } from '../schema/schema.ts'

export interface ForgetObserved {
  readonly afterSubjectId: string
  readonly beforeMs: number
  readonly limit: number
}

export interface ForgottenObserved {
  /** Of the last subject that was looked at; null where there was none. */
  readonly lastSubjectId: string | null
  readonly count: number
}

/**
 * Forgets what was observed before a time and no answer needs any more, of the next `limit` subjects in order of id: what
 * was normal for a process that is captured no longer, and observations in which no finding was open. Those of the time
 * in which a finding was open stay, because it is followed through them again when one arrives late; of those that say the
 * same one a day is left.
 */
export async function forgetObserved(
  trx: Transaction<Schema>,
  { afterSubjectId, beforeMs, limit }: ForgetObserved,
): Promise<ForgottenObserved> {
  const subjects = await trx
    .selectFrom('findingSubject')
    .select('id')
    .where('id', '>', afterSubjectId)
    .orderBy('id')
    .limit(limit)
    .execute()
  let count = 0
  for (const { id } of subjects) {
    count += await forgetLevels(trx, id, beforeMs)
    count += await forgetQuiet(trx, id, beforeMs)
    count += await foldAlike(trx, id, beforeMs)
  }
  return { lastSubjectId: subjects.at(-1)?.id ?? null, count }
}

/** Observations that neither saw a finding nor fell into the time of one. The newest of a subject stays. */
async function forgetQuiet(
  trx: Transaction<Schema>,
  subjectId: string,
  beforeMs: number,
): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('findingObservation')
    .where('subjectId', '=', subjectId)
    .where('atMs', '<', beforeMs)
    .where('id', 'not in', (query) =>
      query
        .selectFrom('findingSubject')
        .select('newestId')
        .where('findingSubject.id', '=', subjectId),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('findingSighting')
            .select('findingSighting.rule')
            .whereRef('findingSighting.observationId', '=', 'findingObservation.id'),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('finding')
            .select('finding.id')
            .where('finding.subjectId', '=', subjectId)
            .whereRef('finding.firstSeenAtMs', '<=', 'findingObservation.atMs')
            .where((open) =>
              open.or([
                open('finding.resolvedAtMs', 'is', null),
                open('finding.resolvedAtMs', '>=', open.ref('findingObservation.atMs')),
              ]),
            ),
        ),
      ),
    )
    .executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
