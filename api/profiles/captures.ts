import { Type, type Static } from 'typebox'
import { Followed, Label, LevelFilter, ProfileSummary, WorstFindingSummary } from './profiles.ts'
import { PROFILE_KINDS } from './profile-kinds.ts'
import { ProfileType } from './report.ts'
import {
  FacetValues,
  Id,
  nameFilter,
  Nullable,
  PAGE_FIELDS,
  SHORT_TEXT,
  SPAN,
  Time,
  WITH_LABELS,
} from '../schemas.ts'

/**
 * What a capture is made of. `goroutineleak`: goroutines that nothing can wake (Go 1.26). `trace`: an execution trace.
 * `goroutine-text`: `goroutine?debug=2`. `statusz`, `flagz`: pages of Kubernetes' components.
 */
export const CaptureKind = Type.Enum([
  ...PROFILE_KINDS,
  'goroutineleak',
  'trace',
  'goroutine-text',
  'metrics',
  'version',
  'healthz',
  'statusz',
  'flagz',
])
export type CaptureKind = Static<typeof CaptureKind>

/** Kinds of parts: those that kubeprof captures, and others that an uploaded bundle may hold. */
export const CapturePartKind = Type.Union([CaptureKind, Type.Enum(['profile', 'log', 'other'])])
export type CapturePartKind = Static<typeof CapturePartKind>

/** `partial`: some parts failed. `failed`: all important parts failed. */
export const CaptureStatus = Type.Enum([
  'waiting',
  'running',
  'complete',
  'partial',
  'failed',
  'cancelled',
])
export type CaptureStatus = Static<typeof CaptureStatus>

/** The origin of a capture; `command` is `kubeprof capture` and `kubeprof push`. */
export const CaptureOrigin = Type.Enum(['upload', 'schedule', 'demand', 'alert', 'command'])
export type CaptureOrigin = Static<typeof CaptureOrigin>

const PartError = Type.Object({
  code: Type.String({ description: 'A code of the error catalogue' }),
  message: Type.String(),
})

/** One part of a capture: a profile, a page of metrics, a log. */
export const CapturePart = Type.Object({
  kind: CapturePartKind,
  state: Type.Enum(['waiting', 'taking', 'taken', 'failed', 'skipped']),
  profileId: Nullable(Id),
  fileName: Nullable(Type.String({ description: 'Unique in the capture; never a path' })),
  sizeBytes: Nullable(Type.Integer()),
  durationMs: Nullable(Type.Integer()),
  error: Nullable(PartError),
  note: Nullable(Type.String()),
})
export type CapturePart = Static<typeof CapturePart>

/** A capture of one process at one time, as lists show it. */
export const CaptureSummary = Type.Object({
  id: Id,
  status: CaptureStatus,
  origin: CaptureOrigin,
  target: Nullable(Type.String()),
  component: Nullable(Type.String()),
  instance: Nullable(Type.String()),
  cluster: Nullable(Type.String()),
  schedule: Nullable(Type.String()),
  kubernetesVersion: Nullable(Type.String()),
  goVersion: Nullable(Type.String()),
  labels: Type.Array(Label),
  createdAt: Time,
  startedAt: Nullable(Time),
  finishedAt: Nullable(Time),
  seconds: Nullable(Type.Number({ description: 'Duration of the CPU profile' })),
  parts: Type.Array(CapturePart),
  profileIds: Type.Array(Id),
  error: Nullable(PartError),
  reportStatus: Type.Enum(['waiting', 'ready', 'failed'], {
    description: '`waiting`: its profiles are still being analysed, or judged together',
  }),
  worstFinding: Nullable(WorstFindingSummary),
  findingCount: Type.Integer(),
  note: Nullable(Type.String()),
  /** The earlier capture of the same process that growth was judged by. */
  previousCaptureId: Nullable(Id),
  pinnedAt: Nullable(
    Type.String({ format: 'date-time', description: 'Pinned at this time: retention keeps it' }),
  ),
})
export type CaptureSummary = Static<typeof CaptureSummary>

export const CaptureLinks = Type.Object({
  self: Type.String(),
  report: Type.String(),
  events: Type.String(),
  bundle: Type.String(),
  web: Type.String(),
})
export type CaptureLinks = Static<typeof CaptureLinks>

export const CaptureReply = Type.Object({ capture: CaptureSummary, links: CaptureLinks })
export type CaptureReply = Static<typeof CaptureReply>

/**
 * How far two captures, or profiles, are of the same process. `process`: known by its start time or by what it counts.
 * `instance`: the same address, or target, instance and cluster; the process may have been started again. `component`: the
 * same component, and neither names its process. `other`: the same component, with other names.
 */
export const CaptureMatch = Type.Enum(['process', 'instance', 'component', 'other'], {
  description:
    '`process`: of the same process. `instance`: the same address, or target, instance and cluster, maybe started again. `component`: the same component, and neither names its process. `other`: the same component, with other names',
})
export type CaptureMatch = Static<typeof CaptureMatch>

/** The last capture taken before, and the first after; `null` without one. */
export const NearestCapturesReply = Type.Object({
  before: Nullable(Type.Object({ match: CaptureMatch, capture: CaptureSummary })),
  after: Nullable(Type.Object({ match: CaptureMatch, capture: CaptureSummary })),
})
export type NearestCapturesReply = Static<typeof NearestCapturesReply>

/** The last profile of the same type taken before, and the first after; `null` without one. */
export const NearestProfilesReply = Type.Object({
  before: Nullable(Type.Object({ match: CaptureMatch, profile: ProfileSummary })),
  after: Nullable(Type.Object({ match: CaptureMatch, profile: ProfileSummary })),
})
export type NearestProfilesReply = Static<typeof NearestProfilesReply>

/** The answer to an uploaded bundle. */
export const UploadCaptureReply = Type.Object({
  capture: CaptureSummary,
  links: CaptureLinks,
  followed: Followed,
  skipped: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), what: Type.String() }), {
      description:
        'Entries of the bundle that are no files, such as symbolic links, and were left out',
    }),
  ),
  ignored: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), what: Type.String() }), {
      description: 'Fields of `capture.json` that were not read: not known, or of another type',
    }),
  ),
  duplicate: Type.Optional(Type.Boolean({ description: 'The same content was already stored' })),
})
export type UploadCaptureReply = Static<typeof UploadCaptureReply>

/** A request to take a capture now. */
export const RequestCaptureBody = Type.Object(
  {
    target: Type.String({ minLength: 1, maxLength: 255 }),
    instance: Type.Optional(
      Type.String({ maxLength: 255, description: 'One process of the target; default: all' }),
    ),
    seconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 120, description: 'Duration of the CPU profile' }),
    ),
    profiles: Type.Optional(Type.Array(CaptureKind, { minItems: 1, maxItems: 12 })),
  },
  { additionalProperties: false },
)
export type RequestCaptureBody = Static<typeof RequestCaptureBody>

/** The requested captures: one for each process of the target. */
export const RequestCaptureReply = Type.Object({ items: Type.Array(CaptureSummary) })
export type RequestCaptureReply = Static<typeof RequestCaptureReply>

/** The query of an uploaded bundle. Any number of `label.NAME=VALUE` may be added. */
export const UploadCaptureQuery = Type.Object(
  {
    target: Type.Optional(Type.String(SHORT_TEXT)),
    component: Type.Optional(Type.String(SHORT_TEXT)),
    instance: Type.Optional(Type.String(SHORT_TEXT)),
    cluster: Type.Optional(Type.String(SHORT_TEXT)),
    time: Type.Optional(Type.String({ format: 'date-time', description: 'When it was taken' })),
    note: Type.Optional(Type.String({ maxLength: 1000 })),
    origin: Type.Optional(Type.Enum(['upload', 'command'], { default: 'upload' })),
  },
  WITH_LABELS,
)
export type UploadCaptureQuery = Static<typeof UploadCaptureQuery>

/** The query of the list, newest first. Any number of `label.NAME=VALUE` may be added. */
export const ListCapturesQuery = Type.Object(
  {
    target: nameFilter('Of this target'),
    component: nameFilter('Of this component'),
    instance: nameFilter('Of this instance'),
    cluster: nameFilter('Of this cluster'),
    type: Type.Optional({ ...ProfileType, description: 'With a profile of this type' }),
    status: Type.Optional(CaptureStatus),
    level: Type.Optional(LevelFilter),
    ...SPAN,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  WITH_LABELS,
)
export type ListCapturesQuery = Static<typeof ListCapturesQuery>

export const ListCapturesReply = Type.Object({
  items: Type.Array(CaptureSummary),
  nextCursor: Nullable(Type.String()),
})
export type ListCapturesReply = Static<typeof ListCapturesReply>

export const CaptureFacetsQuery = Type.Omit(ListCapturesQuery, PAGE_FIELDS, WITH_LABELS)
export type CaptureFacetsQuery = Static<typeof CaptureFacetsQuery>

/**
 * How many captures have each value, of those that match all other filters; at most 100 values of each. Of more than 10,000
 * captures of the target, component and time that the filters say, or else of their level (critical, warning) or status, the
 * newest 10,000 are counted: a value that only older ones have is missing.
 */
export const CaptureFacets = Type.Object({
  target: FacetValues,
  cluster: FacetValues,
  component: FacetValues,
  status: FacetValues,
  level: FacetValues,
  isCut: Type.Boolean({
    description: 'True where some counts are of the newest 10,000 captures only',
  }),
})
export type CaptureFacets = Static<typeof CaptureFacets>
