import type { Kysely } from 'kysely'
import { AppError } from '../../api/index.ts'
import type { Schema } from '../schema/schema.ts'

/** The names of the targets of a kind, or with a process of this component. */
export function targetsOfComponent(db: Kysely<Schema>, component: string) {
  return db
    .selectFrom('target')
    .select('target.name')
    .where((where) =>
      where.or([
        where('target.kind', '=', component),
        where(
          'target.name',
          'in',
          where
            .selectFrom('targetProcess')
            .innerJoin('process', 'process.key', 'targetProcess.processKey')
            .select('targetProcess.target')
            .where('process.component', '=', component),
        ),
      ]),
    )
}

/** A cursor of a list by name: the last name of the page before. Throws REQUEST_INVALID. */
export function checkedName(cursor: string): string {
  if (/^([-a-z0-9]{1,63}\/)?[-a-z0-9]{1,63}$/.test(cursor)) return cursor
  throw new AppError('REQUEST_INVALID', {
    message: 'The cursor does not belong to this list.',
    details: { parameter: 'cursor' },
  })
}
