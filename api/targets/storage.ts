import { Type, type Static } from 'typebox'
import { ProfileType } from '../profiles/report.ts'
import { type Immutable, ListOf, NO_CURSOR, Nullable } from '../schemas.ts'

const Form = Type.Enum(['files', 'full', 'hour', 'day'], {
  description:
    '`files`: uploaded files with what their analysis read; then history: single profiles, hours, days',
})

/** What stored profiles take, and what a day of them adds. */
export const StorageReply = Type.Object({
  items: ListOf(
    Type.Object({
      type: ProfileType,
      form: Form,
      profileCount: Type.Integer(),
      sizeBytes: Type.Integer(),
      bytesPerProfile: Type.Integer(),
      bytesPerDay: Type.Integer({ description: 'For the profiles of the last 24 hours' }),
    }),
  ),
  nextCursor: NO_CURSOR,
})
export type StorageReply = Immutable<Static<typeof StorageReply>>

export const StorageEstimateQuery = Type.Object(
  {
    types: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Types of profiles with commas between: `cpu,heap`',
    }),
    every: Type.Integer({
      minimum: 1,
      maximum: 31_536_000,
      description: 'Seconds from one capture to the next',
    }),
    processes: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }),
  },
  { additionalProperties: false },
)
export type StorageEstimateQuery = Static<typeof StorageEstimateQuery>

export const StorageEstimateReply = Type.Object({
  profilesPerDay: Type.Number(),
  bytesPerDay: Type.Integer({
    description: 'In all forms; by usual sizes for types of which no profile is stored',
  }),
  items: ListOf(
    Type.Object({
      form: Form,
      bytesPerDay: Nullable(
        Type.Integer({ description: 'null while no profile of one of these types is stored so' }),
      ),
    }),
  ),
})
export type StorageEstimateReply = Immutable<Static<typeof StorageEstimateReply>>
