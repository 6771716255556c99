import { Type, type Static } from 'typebox'
import { SampleKind } from '../profiles/profiles.ts'
import { ProfileType } from '../profiles/report.ts'
import {
  Id,
  type Immutable,
  ListOf,
  Nullable,
  SHORT_TEXT,
  SPAN,
  SYMBOL_TEXT,
  Time,
  ValueTypeSchema,
  WITH_LABELS,
} from '../schemas.ts'
import { TopReply } from '../profiles/views.ts'

const sampleType = Type.Optional(
  Type.String({ maxLength: 100, description: 'sample_index: name or number' }),
)
const sort = Type.Optional(Type.Enum(['flat', 'cum'], { default: 'flat' }))

/** The profiles of one type of one target in a span of time. */
const range = {
  target: Type.String(SHORT_TEXT),
  type: ProfileType,
  instance: Type.Optional(Type.String(SHORT_TEXT)),
  ...SPAN,
}

/** A profile by its id, or `TARGET FROM TO`: the profiles of a target in that time, with `+` or spaces between. */
const Side = Type.String({
  minLength: 1,
  maxLength: 400,
  description:
    'A profile id, or `TARGET+FROM+TO` with the times in RFC 3339, `TO` left out, and `type`',
})

export const CompareQuery = Type.Object(
  {
    a: Side,
    b: Side,
    type: Type.Optional({
      ...ProfileType,
      description: 'Needed for times of a target; a profile named by its id must be of it',
    }),
    si: sampleType,
    sort,
    n: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
    per: Type.Optional(
      Type.Enum(['second', 'profile', 'request'], {
        default: 'second',
        description:
          'What values are divided by: the seconds that a profile took, nothing, or the requests that the process served meanwhile, as the metrics of its captures say. Snapshots and growth are compared as they are',
      }),
    ),
  },
  { additionalProperties: false },
)
export type CompareQuery = Static<typeof CompareQuery>

/** The sample type, sort order and maximum number of rows of a table. */
export type TableOptions = Pick<CompareQuery, 'si' | 'sort' | 'n'>

/** The profiles of a value. */
const MeasuredProfiles = Type.Object({
  profileIds: ListOf(Id),
  durationSeconds: Nullable(Type.Number({ description: 'Of all of them together' })),
})

const Change = Type.Object({
  before: Type.Number(),
  after: Type.Number(),
  difference: Type.Number(),
  isNoise: Nullable(Type.Boolean({ description: 'It may be chance; null without sampling' })),
})

/** What to know of a comparison. */
export const CompareNote = Type.Object({
  code: Type.String(),
  text: Type.String(),
  textZh: Type.String({ description: 'The same in Chinese' }),
})
export type CompareNote = Static<typeof CompareNote>

/** What the processes of the two sides served a second. */
const ComparedRequests = Type.Object({
  metric: Type.String({ description: 'What counts requests' }),
  before: Type.Number(),
  after: Type.Number(),
})
export type ComparedRequests = Static<typeof ComparedRequests>

export const CompareReply = Type.Object({
  a: MeasuredProfiles,
  b: MeasuredProfiles,
  sampleType: ValueTypeSchema,
  kind: SampleKind,
  per: Type.Enum(['second', 'profile', 'request'], {
    description: 'What values are divided by',
  }),
  requests: Nullable(ComparedRequests),
  total: Change,
  rowCount: Type.Integer({ description: 'How many functions changed; `rows` holds the first' }),
  rows: ListOf(
    Type.Object({
      name: Type.String(),
      status: Type.Enum(['grew', 'shrank', 'new', 'gone']),
      flat: Change,
      cum: Change,
    }),
  ),
  notes: ListOf(CompareNote),
})
export type CompareReply = Immutable<Static<typeof CompareReply>>

export const MergeQuery = Type.Object(
  {
    ...range,
    si: sampleType,
    sort,
    n: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
    format: Type.Optional(
      Type.Enum(['json', 'pprof'], {
        default: 'json',
        description: 'pprof: the merged profile itself, for `go tool pprof URL`',
      }),
    ),
  },
  WITH_LABELS,
)
export type MergeQuery = Static<typeof MergeQuery>

const AGGREGATIONS = ['sum', 'average', 'increase'] as const

export const MergeReply = Type.Object({
  profileIds: ListOf(Id),
  isCut: Type.Boolean({
    description: 'True when there are more profiles; only the newest were merged',
  }),
  kind: SampleKind,
  aggregation: Type.Enum([...AGGREGATIONS], {
    description: 'Intervals add up, snapshots are averaged, cumulative values show their growth',
  }),
  does: Type.Enum([...AGGREGATIONS], {
    deprecated: true,
    description: 'The same as `aggregation`, its name until 0.1; removed in 0.2',
  }),
  durationSeconds: Nullable(Type.Number()),
  restartCount: Type.Integer({ description: 'How many restarts of processes were detected' }),
  top: TopReply,
})
export type MergeReply = Immutable<Static<typeof MergeReply>>

export const TrendQuery = Type.Object(
  {
    ...range,
    function: Type.Optional(
      Type.String({ ...SYMBOL_TEXT, description: 'Name of the function; default: the total' }),
    ),
    si: sampleType,
    sort,
  },
  WITH_LABELS,
)
export type TrendQuery = Static<typeof TrendQuery>
export type TrendOptions = Pick<TrendQuery, 'function' | 'si' | 'sort'>

export const TrendReply = Type.Object({
  sampleType: ValueTypeSchema,
  kind: SampleKind,
  per: Type.Enum(['second', 'profile'], {
    description: 'What values are divided by: of CPU time per second a value of 1e9 is one core',
  }),
  isCut: Type.Boolean({
    description: 'True when there are more profiles; only the newest are shown',
  }),
  points: ListOf(
    Type.Object({
      profileId: Id,
      instance: Nullable(Type.String()),
      at: Time,
      value: Nullable(
        Type.Number({ description: 'In the unit of the sample type; null: nothing to subtract' }),
      ),
      total: Nullable(Type.Number()),
      hasRestarted: Type.Boolean(),
    }),
  ),
})
export type TrendReply = Immutable<Static<typeof TrendReply>>
