import { Type, type Static } from 'typebox'
import { CompareReply } from './over-time.ts'
import { SampleKind } from '../profiles/profiles.ts'
import { Language, ProfileType } from '../profiles/report.ts'
import {
  type Immutable,
  ListOf,
  NO_CURSOR,
  Nullable,
  SHORT_TEXT,
  SPAN,
  SYMBOL_TEXT,
  Time,
  ValueTypeSchema,
} from '../schemas.ts'
import {
  FlameQuery,
  FlameReply,
  GraphQuery,
  GraphReply,
  PeekQuery,
  PeekReply,
  TagsQuery,
  TopQuery,
  TopReply,
  TreeQuery,
  TreeReply,
} from '../profiles/views.ts'

const strict = { additionalProperties: false }

/** Which profiles: those of one type whose labels fit, in a span of time. */
const range = {
  q: Type.Optional(
    Type.String({
      maxLength: 4000,
      description:
        'A selector: `{target="api",cluster=~"prod-.*"}` with `=`, `!=`, `=~`, `!~` (RE2); default: all',
    }),
  ),
  type: ProfileType,
  ...SPAN,
}
const by = Type.Optional(
  Type.String({ ...SHORT_TEXT, description: 'A label; its values become the roots of stacks' }),
)

const per = Type.Optional(
  Type.Enum(['request'], {
    description:
      'Divide by what the processes served a second in the same time, as the metrics of their captures say; default: per second, or per profile for snapshots',
  }),
)

export const RangeTopQuery = Type.Object({ ...TopQuery.properties, ...range, by }, strict)
export type RangeTopQuery = Static<typeof RangeTopQuery>
export const RangeFlameQuery = Type.Object({ ...FlameQuery.properties, ...range, by }, strict)
export type RangeFlameQuery = Static<typeof RangeFlameQuery>
export const RangeTreeQuery = Type.Object({ ...TreeQuery.properties, ...range, by }, strict)
export type RangeTreeQuery = Static<typeof RangeTreeQuery>

export const RangeGraphQuery = Type.Object({ ...GraphQuery.properties, ...range, by }, strict)
export type RangeGraphQuery = Static<typeof RangeGraphQuery>

const { q: pattern, ...peekParameters } = PeekQuery.properties
/** In a range `q` is the selector, so the pattern has a name of its own. */
export const RangePeekQuery = Type.Object(
  { ...peekParameters, function: pattern, ...range, by },
  strict,
)
export type RangePeekQuery = Static<typeof RangePeekQuery>

export const RangeRawQuery = Type.Object({ si: TagsQuery.properties.si, ...range, by }, strict)
export type RangeRawQuery = Static<typeof RangeRawQuery>

export const RangeSeriesQuery = Type.Object(
  {
    lang: Type.Optional(Language),
    ...range,
    by: Type.Optional(
      Type.String({ ...SHORT_TEXT, description: 'A label: a line for each value' }),
    ),
    si: TagsQuery.properties.si,
    sort: TopQuery.properties.sort,
    function: Type.Optional(
      Type.String({ ...SYMBOL_TEXT, description: 'Name of the function; default: the total' }),
    ),
    package: Type.Optional(
      Type.String({ ...SYMBOL_TEXT, description: 'Path of a package, in place of a function' }),
    ),
    subsystem: Type.Optional(
      Type.String({ ...SHORT_TEXT, description: 'A part of the control plane, as `top` names it' }),
    ),
    rule: Type.Optional(
      Type.String({
        ...SHORT_TEXT,
        description: 'A rule: what it measures, in place of a function',
      }),
    ),
    per,
    step: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 31_536_000,
        description: 'Seconds; default: each profile',
      }),
    ),
  },
  strict,
)
export type RangeSeriesQuery = Static<typeof RangeSeriesQuery>

export const RangeMoversQuery = Type.Object(
  {
    ...range,
    before: Type.Optional(
      Type.String({ format: 'date-time', description: 'From when the range before is' }),
    ),
    beforeTo: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'Until when it is, itself left out; default: `from`, or `to` with `beforeQ`',
      }),
    ),
    beforeQ: Type.Optional(
      Type.String({
        maxLength: 4000,
        description:
          'The selector of the range before, where it is another one: version against version. Its time is that of the range unless `before` is given',
      }),
    ),
    si: TagsQuery.properties.si,
    sort: TopQuery.properties.sort,
    per,
    n: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 20 })),
  },
  strict,
)
export type RangeMoversQuery = Static<typeof RangeMoversQuery>

const staleCount = Type.Integer({
  description:
    'Profiles that a running `kubeprof history rebuild` has not read again yet: they count as they were before, or are left out; 0 when none runs',
})

/** What a range was found to be. */
export const RangeSummary = Type.Object({
  from: Time,
  to: Time,
  kind: SampleKind,
  aggregation: Type.Enum(['sum', 'average', 'increase'], {
    description:
      'Intervals add up, snapshots are averaged within a process and added over processes, cumulative values show their growth',
  }),
  profileCount: Type.Integer(),
  processCount: Type.Integer(),
  restartCount: Type.Integer({ description: 'Restarts seen in cumulative values' }),
  staleCount,
  durationSeconds: Nullable(Type.Number({ description: 'Of all profiles together' })),
})
export type RangeSummary = Immutable<Static<typeof RangeSummary>>

const summary = { range: RangeSummary }
export const RangeTopReply = Type.Object({ ...TopReply.properties, ...summary })
export type RangeTopReply = TopReply & { readonly range: RangeSummary }
export const RangeFlameReply = Type.Object({ ...FlameReply.properties, ...summary })
export type RangeFlameReply = FlameReply & { readonly range: RangeSummary }
export const RangePeekReply = Type.Object({ ...PeekReply.properties, ...summary })
export type RangePeekReply = PeekReply & { readonly range: RangeSummary }
export const RangeTreeReply = Type.Object({ ...TreeReply.properties, ...summary })
export type RangeTreeReply = TreeReply & { readonly range: RangeSummary }
export const RangeGraphReply = Type.Object({ ...GraphReply.properties, ...summary })
export type RangeGraphReply = GraphReply & { readonly range: RangeSummary }

/** What happened to a process of the range, beside what its profiles measure. */
export const RangeEvent = Type.Object({
  at: Time,
  kind: Type.Enum(['version', 'restart', 'finding', 'alert'], {
    description:
      '`version`: another one of Kubernetes. `finding`: one opened, returned or became worse. `alert`: one had a capture taken',
  }),
  target: Type.String(),
  cluster: Nullable(Type.String()),
  instance: Nullable(Type.String()),
  before: Nullable(Type.String({ description: 'The version before' })),
  after: Nullable(Type.String({ description: 'The version from then on' })),
  title: Nullable(Type.String({ description: 'Of the finding' })),
  captureId: Nullable(Type.String({ description: 'The capture that shows it' })),
  findingId: Nullable(Type.String()),
})
export type RangeEvent = Immutable<Static<typeof RangeEvent>>

export const RangeSeriesReply = Type.Object({
  staleCount,
  events: ListOf(RangeEvent, { description: 'By time: what changes of level may come from' }),
  sampleType: ValueTypeSchema,
  kind: SampleKind,
  per: Type.Enum(['second', 'profile', 'request'], {
    description: 'What values are divided by: of CPU time per second a value of 1e9 is one core',
  }),
  requestMetric: Nullable(
    Type.String({ description: 'The metric that counts requests; null unless `per` is `request`' }),
  ),
  lines: ListOf(
    Type.Object({
      label: Nullable(Type.String({ description: 'The value of the label of `by`' })),
      points: ListOf(
        Type.Object({
          at: Time,
          value: Type.Number(),
          total: Type.Number(),
          restartCount: Type.Integer(),
        }),
      ),
      changes: ListOf(Type.Object({ at: Time, before: Type.Number(), after: Type.Number() }), {
        description: 'From when on the values are at another level, beyond their noise',
      }),
    }),
  ),
})
export type RangeSeriesReply = Immutable<Static<typeof RangeSeriesReply>>

const { sampleType, kind, total, rowCount, rows, notes } = CompareReply.properties
export const RangeMoversReply = Type.Object({
  before: RangeSummary,
  after: RangeSummary,
  sampleType,
  kind,
  per: CompareReply.properties.per,
  total,
  rowCount,
  rows,
  notes,
})
export type RangeMoversReply = Immutable<Static<typeof RangeMoversReply>>

export const RangeRequestsQuery = Type.Object(range, strict)
export type RangeRequestsQuery = Static<typeof RangeRequestsQuery>
export const RangeRequestsReply = Type.Object({
  metric: Nullable(
    Type.String({ description: 'What counts requests; null where it is not known' }),
  ),
  requestsPerSecond: Nullable(
    Type.Number({ description: 'Requests a second of a process: the average of those known' }),
  ),
  processCount: Type.Integer({ description: 'How many processes it is known of' }),
})
export type RangeRequestsReply = Immutable<Static<typeof RangeRequestsReply>>

export const RangeLabelsQuery = Type.Object(
  { q: range.q, type: Type.Optional(ProfileType) },
  strict,
)
export type RangeLabelsQuery = Static<typeof RangeLabelsQuery>
export const RangeLabelsReply = Type.Object({
  items: ListOf(Type.Object({ name: Type.String(), valueCount: Type.Integer() })),
  nextCursor: NO_CURSOR,
})
export type RangeLabelsReply = Immutable<Static<typeof RangeLabelsReply>>

export const RangeValuesQuery = Type.Object(
  { ...RangeLabelsQuery.properties, name: Type.String({ minLength: 1, ...SHORT_TEXT }) },
  strict,
)
export type RangeValuesQuery = Static<typeof RangeValuesQuery>
export const RangeValuesReply = Type.Object({
  items: ListOf(Type.String()),
  nextCursor: NO_CURSOR,
})
export type RangeValuesReply = Immutable<Static<typeof RangeValuesReply>>
