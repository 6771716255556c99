import { Type, type Static } from 'typebox'
import { Language, Level, ProfileType } from './profiles/report.ts'
import { FacetValues, Id, ListOf, Nullable, SHORT_TEXT, Time } from './schemas.ts'

/**
 * `open`: found in the latest capture that could show it, and waiting for someone. `acknowledged`: someone looks after
 * it. `muted`: out of the way until a time. `resolved`: no longer found.
 */
export const FindingState = Type.Enum(['open', 'acknowledged', 'muted', 'resolved'])
export type FindingState = Static<typeof FindingState>

/** The capture or lone profile where it was seen. Retention may have deleted it since. */
const Seen = Type.Object({
  captureId: Nullable(Id),
  profileId: Nullable(Id),
  at: Time,
})

/** A finding of one rule in one process, followed over its captures. Levels below warning are not followed. */
export const FindingSummary = Type.Object({
  id: Id,
  rule: Type.String(),
  group: Nullable(Type.String({ description: 'As in a report' })),
  state: FindingState,
  level: Level,
  worstLevel: Type.Enum(['info', 'warning', 'critical'], {
    description: 'The worst level since it opened',
  }),
  title: Type.String(),
  profile: ProfileType,
  value: Type.Number({ description: 'In `unit`, when it was last seen' }),
  unit: Type.String(),
  share: Type.Number(),
  cores: Nullable(Type.Number()),
  count: Type.Number(),
  cluster: Nullable(Type.String()),
  component: Nullable(Type.String()),
  target: Nullable(Type.String()),
  instance: Nullable(Type.String()),
  firstSeenAt: Time,
  lastSeenAt: Time,
  openedAt: Type.String({
    format: 'date-time',
    description: 'When it was first seen, or seen again after it was resolved',
  }),
  resolvedAt: Nullable(Time),
  seenCount: Type.Integer({ description: 'Captures and lone profiles that showed it' }),
  returnCount: Type.Integer({ description: 'How often it came back after it was resolved' }),
  openedBy: Seen,
  latest: Seen,
  frames: ListOf(Type.String(), { description: 'Functions to mark, those of the latest sighting' }),
  acknowledgedAt: Nullable(Time),
  acknowledgedBy: Nullable(Type.String({ description: 'Null without accounts' })),
  note: Nullable(Type.String()),
  mutedUntil: Nullable(Time),
  mutedBy: Nullable(Type.String()),
})
export type FindingSummary = Static<typeof FindingSummary>

/**
 * `opened`, `worse`, `better`, `resolved` and `returned` were seen in a capture; `acknowledged`, `muted` and
 * `reopened` were done by a person.
 */
export const FindingEvent = Type.Object({
  at: Time,
  kind: Type.Enum([
    'opened',
    'worse',
    'better',
    'resolved',
    'returned',
    'acknowledged',
    'muted',
    'reopened',
  ]),
  level: Level,
  captureId: Nullable(Id),
  profileId: Nullable(Id),
  actor: Nullable(Type.String()),
  note: Nullable(Type.String()),
  until: Nullable(Time),
})
export type FindingEvent = Static<typeof FindingEvent>

const Facet = Type.Array(Type.String({ maxLength: 255 }), { maxItems: 50 })
const one = Type.Optional(Type.Union([Type.String(SHORT_TEXT), Facet]))

const FILTERS = {
  state: Type.Optional(Type.Union([FindingState, Type.Array(FindingState, { maxItems: 4 })])),
  level: Type.Optional(Type.Union([Level, Type.Array(Level, { maxItems: 3 })])),
  rule: one,
  cluster: one,
  component: one,
  target: one,
  instance: one,
  since: Type.Optional(
    Type.String({ format: 'date-time', description: 'Opened, or opened again, from this time on' }),
  ),
}

/** A row matches when, for each parameter given, it has one of its values; an empty value matches rows without one. */
export const ListFindingsQuery = Type.Object(
  {
    ...FILTERS,
    lang: Type.Optional(Language),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ListFindingsQuery = Static<typeof ListFindingsQuery>

export const ListFindingsReply = Type.Object({
  items: Type.Array(FindingSummary),
  nextCursor: Nullable(Type.String()),
})
export type ListFindingsReply = Static<typeof ListFindingsReply>

export const FindingFacetsQuery = Type.Object(FILTERS, { additionalProperties: false })
export type FindingFacetsQuery = Static<typeof FindingFacetsQuery>

/** How many findings have each value, of those that match all other filters. Most first, at most 100 of each. */
export const FindingFacets = Type.Object({
  state: FacetValues,
  level: FacetValues,
  rule: FacetValues,
  cluster: FacetValues,
  component: FacetValues,
  target: FacetValues,
})
export type FindingFacets = Static<typeof FindingFacets>

/** `events` is newest first; only the reply for one finding has it. */
export const FindingReply = Type.Object({
  finding: FindingSummary,
  events: Type.Array(FindingEvent),
})
export type FindingReply = Static<typeof FindingReply>

/**
 * A finding over all captures and lone profiles of its process that could show it, oldest first. Its numbers are null
 * where it was not found, or only as information.
 */
export const FindingTrendReply = Type.Object({
  unit: Type.String(),
  isCut: Type.Boolean({ description: 'True when there are more; only the newest are shown' }),
  points: Type.Array(
    Type.Object({
      at: Time,
      captureId: Nullable(Id),
      profileId: Nullable(Id),
      level: Nullable(Level),
      value: Nullable(Type.Number({ description: 'In `unit`' })),
      share: Nullable(Type.Number()),
      cores: Nullable(Type.Number()),
    }),
  ),
})
export type FindingTrendReply = Static<typeof FindingTrendReply>

export const FindingQuery = Type.Object(
  { lang: Type.Optional(Language) },
  { additionalProperties: false },
)

export const AcknowledgeFindingBody = Type.Object(
  { note: Type.Optional(Type.String({ maxLength: 1000 })) },
  { additionalProperties: false },
)

export const MuteFindingBody = Type.Object(
  { until: Time, note: Type.Optional(Type.String({ maxLength: 1000 })) },
  { additionalProperties: false },
)
