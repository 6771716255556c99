import { Type, type Static } from 'typebox'
import { Level, ProfileType, Report } from './report.ts'
import {
  FacetValues,
  Id,
  nameFilter,
  Nullable,
  PAGE_FIELDS,
  Remark,
  SHORT_TEXT,
  SPAN,
  Time,
  WITH_LABELS,
} from '../schemas.ts'

/** The status of a profile. `quarantined`: it crashed its decoder three times. */
export const ProfileStatus = Type.Enum(['received', 'analysing', 'ready', 'failed', 'quarantined'])
export type ProfileStatus = Static<typeof ProfileStatus>

export const Label = Type.Object({ name: Type.String(), value: Type.String() })
export type Label = Static<typeof Label>

/** How a sample type combines over time: add, average, or subtract. */
export const SampleKind = Type.Enum(['interval', 'snapshot', 'cumulative'])

/** One sample type with its sum over the whole profile. `kind` is how sums combine over time. */
export const SampleTypeTotal = Type.Object({
  type: Type.String(),
  unit: Type.String(),
  kind: SampleKind,
  total: Type.Number({ description: 'In `unit`' }),
  totalExact: Type.Optional(
    Type.String({ description: 'The decimal digits, when `total` cannot hold them exactly' }),
  ),
})
export type SampleTypeTotal = Static<typeof SampleTypeTotal>

/** The facts that the uploader declared about a profile, completed by those read from it. */
const source = {
  target: Nullable(Type.String({ description: 'Name of the process, chosen by its owner' })),
  component: Nullable(Type.String({ description: 'kube-apiserver, etcd, ...' })),
  instance: Nullable(Type.String()),
  cluster: Nullable(Type.String()),
  type: Nullable(ProfileType),
  labels: Type.Array(Label),
  fileName: Nullable(Type.String({ description: 'As uploaded; shown, never used as a path' })),
}

/** The first finding of a report, as lists show it. */
export const WorstFindingSummary = Type.Object({
  rule: Type.String(),
  level: Level,
  title: Type.String(),
  titleZh: Type.Optional(Type.String()),
  share: Nullable(Type.Number()),
  goroutineCount: Type.Optional(
    Type.Number({ description: 'How many matched, for findings in goroutine profiles' }),
  ),
})
export type WorstFindingSummary = Static<typeof WorstFindingSummary>

/** The level of the worst finding, in the query of a list. */
export const LevelFilter = Type.Enum(['critical', 'warning', 'info', ''], {
  description: 'Of the worst finding; empty for those without one',
})

/**
 * One profile as lists show it. Fields read from the profile are `null` until the status is
 * `ready`.
 */
export const ProfileSummary = Type.Object({
  id: Id,
  captureId: Nullable(Id),
  status: ProfileStatus,
  ...source,
  receivedAt: Time,
  takenAt: Nullable(Time),
  pinnedAt: Nullable(Time),
  sizeBytes: Type.Integer({ description: 'As uploaded' }),
  fileFault: Nullable(
    Type.Enum(['missing', 'corrupt'], {
      description: 'What is wrong with the stored file; null while it is as it was uploaded',
    }),
  ),
  sha256: Type.String(),
  error: Nullable(
    Type.Object({
      code: Type.String({ description: 'A code of the error catalogue' }),
      message: Type.String(),
      reason: Nullable(
        Type.String({ description: 'A stable identifier: gzip_truncated, wire_type, ...' }),
      ),
      offsetBytes: Nullable(Type.Integer()),
    }),
  ),
  kubernetesVersion: Nullable(Type.String()),
  goVersion: Nullable(Type.String()),
  durationSeconds: Nullable(Type.Number()),
  sampleCount: Nullable(Type.Integer()),
  sampleTypes: Type.Array(SampleTypeTotal),
  defaultSampleType: Nullable(Type.String()),
  warnings: Type.Array(Remark),
  worstFinding: Nullable(WorstFindingSummary),
  findingCount: Type.Integer(),
})
export type ProfileSummary = Static<typeof ProfileSummary>

export const ProfileLinks = Type.Object({
  self: Type.String(),
  report: Type.String(),
  web: Type.String(),
})
export type ProfileLinks = Static<typeof ProfileLinks>

export const ProfileReply = Type.Object({ profile: ProfileSummary, links: ProfileLinks })
export type ProfileReply = Static<typeof ProfileReply>

/** Whether what is found in an upload is followed over time. */
export const Followed = Type.Boolean({
  description:
    'Whether its findings enter the fleet and the history of findings: only where the upload names its process, a capture by ' +
    '`target` or `instance`, a lone profile by these or `component`',
})

/**
 * The answer to one uploaded file. `report` is present when the upload waited and the profile
 * became ready.
 */
export const UploadReply = Type.Object({
  profile: ProfileSummary,
  links: ProfileLinks,
  followed: Followed,
  duplicate: Type.Optional(Type.Boolean({ description: 'The same content was already stored' })),
  report: Type.Optional(Report),
})
export type UploadReply = Static<typeof UploadReply>

/** The answer to a multipart upload: one item per file, in the order of the files. */
export const UploadManyReply = Type.Object({
  items: Type.Array(
    Type.Object({
      fileName: Nullable(Type.String()),
      profile: Type.Optional(ProfileSummary),
      links: Type.Optional(ProfileLinks),
      followed: Type.Optional(Followed),
      duplicate: Type.Optional(Type.Boolean()),
      report: Type.Optional(Report),
      error: Type.Optional(
        Type.Object({
          code: Type.String(),
          message: Type.String(),
          details: Type.Optional(Type.Object({}, { additionalProperties: true })),
        }),
      ),
    }),
  ),
})
export type UploadManyReply = Static<typeof UploadManyReply>

export const WAIT_PATTERN = '^[0-9]{1,3}(s|ms)?$'

/** The query of an upload. Any number of `label.NAME=VALUE` may be added. */
export const UploadQuery = Type.Object(
  {
    target: Type.Optional(Type.String(SHORT_TEXT)),
    component: Type.Optional(Type.String(SHORT_TEXT)),
    instance: Type.Optional(Type.String(SHORT_TEXT)),
    cluster: Type.Optional(Type.String(SHORT_TEXT)),
    type: Type.Optional(ProfileType),
    time: Type.Optional(Type.String({ format: 'date-time', description: 'When it was taken' })),
    name: Type.Optional(Type.String({ ...SHORT_TEXT, description: 'The file name, for display' })),
    wait: Type.Optional(
      Type.String({
        pattern: WAIT_PATTERN,
        description: 'Wait this long for the report: `10s`. At most 60 s.',
      }),
    ),
  },
  WITH_LABELS,
)
export type UploadQuery = Static<typeof UploadQuery>

/** The query of the list, newest first. Any number of `label.NAME=VALUE` may be added. */
export const ListProfilesQuery = Type.Object(
  {
    target: nameFilter('Of this target'),
    component: nameFilter('Of this component'),
    instance: nameFilter('Of this instance'),
    cluster: nameFilter('Of this cluster'),
    type: Type.Optional(ProfileType),
    status: Type.Optional(ProfileStatus),
    level: Type.Optional(LevelFilter),
    ...SPAN,
    alone: Type.Optional(Type.Literal('true', { description: 'Only those in no capture' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  WITH_LABELS,
)
export type ListProfilesQuery = Static<typeof ListProfilesQuery>

export const ListProfilesReply = Type.Object({
  items: Type.Array(ProfileSummary),
  nextCursor: Nullable(Type.String()),
})
export type ListProfilesReply = Static<typeof ListProfilesReply>

export const ProfileFacetsQuery = Type.Omit(ListProfilesQuery, PAGE_FIELDS, WITH_LABELS)
export type ProfileFacetsQuery = Static<typeof ProfileFacetsQuery>

/**
 * How many profiles have each value, of those that match all other filters; at most 100 values of each. Of more than 10,000
 * profiles of the target, component and time that the filters say, or else of their level (critical, warning) or status, the
 * newest 10,000 are counted: a value that only older ones have is missing.
 */
export const ProfileFacets = Type.Object({
  target: FacetValues,
  cluster: FacetValues,
  component: FacetValues,
  type: FacetValues,
  status: FacetValues,
  level: FacetValues,
  isCut: Type.Boolean({
    description: 'True where some counts are of the newest 10,000 profiles only',
  }),
})
export type ProfileFacets = Static<typeof ProfileFacets>
