import { Type, type Static } from 'typebox'
import { Id, Nullable, SHORT_TEXT, Time } from '../schemas.ts'
import { TARGET_KINDS } from './target-kinds.ts'

export const RESOURCE_NAME_PATTERN = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'

/** Names of targets, schedules and triggers, in the form of Kubernetes names. */
export const ResourceName = Type.String({
  pattern: RESOURCE_NAME_PATTERN,
  maxLength: 63,
  description: 'Lower-case letters, digits and dashes',
})
export type ResourceName = Static<typeof ResourceName>

/** Why something failed, for people. `code` is from the error catalogue. */
export const Trouble = Type.Object({
  code: Type.String(),
  message: Type.String(),
  at: Time,
})
export type Trouble = Static<typeof Trouble>

/**
 * The capture state of a process. `unknown`: not tried yet. `failing`: five consecutive captures
 * failed, so it is tried less often. `gone`: the last discovery did not find it.
 */
export const ProcessState = Type.Enum(['unknown', 'ok', 'troubled', 'failing', 'gone'])
export type ProcessState = Static<typeof ProcessState>

/** One running process that is captured. */
export const ProcessSummary = Type.Object({
  key: Type.String({ description: 'Identifies the process, independently of its target' }),
  target: ResourceName,
  component: Nullable(Type.String()),
  instance: Nullable(Type.String()),
  cluster: Nullable(Type.String()),
  via: Type.String({ description: 'direct, port-forward, node-proxy, unix' }),
  state: ProcessState,
  isCapturing: Type.Boolean({ description: 'Whether a capture of it is running now' }),
  failureCount: Type.Integer({ description: 'Number of consecutive failed captures' }),
  lastCapture: Nullable(Type.Object({ id: Id, status: Type.String(), at: Time })),
  lastSuccessAt: Nullable(Time),
  error: Nullable(Trouble),
  nextRun: Nullable(Type.Object({ schedule: ResourceName, at: Time })),
  seenAt: Time,
  note: Nullable(Type.String({ description: 'A remark on how it is reached' })),
})
export type ProcessSummary = Static<typeof ProcessSummary>

export const TargetOrigin = Type.Enum(['file', 'web'])
export type TargetOrigin = Static<typeof TargetOrigin>

/** What an operator wants captured, with its discovered processes. */
export const TargetSummary = Type.Object({
  name: ResourceName,
  origin: TargetOrigin,
  kind: Type.String({ description: 'kube-apiserver, etcd, kubelet, go, ...' }),
  cluster: Nullable(Type.String()),
  url: Nullable(Type.String({ description: 'URL of a single-address target' })),
  description: Type.String({ description: 'How it is found and reached, in a few words' }),
  schedules: Type.Array(ResourceName),
  pausedAt: Nullable(Time),
  discoveredAt: Nullable(Time),
  error: Nullable(Trouble),
  note: Nullable(Type.String()),
  processes: Type.Array(ProcessSummary),
})
export type TargetSummary = Static<typeof TargetSummary>

export const ListTargetsQuery = Type.Object(
  {
    component: Type.Optional(Type.String(SHORT_TEXT)),
    cluster: Type.Optional(Type.String(SHORT_TEXT)),
    state: Type.Optional(ProcessState),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ListTargetsQuery = Static<typeof ListTargetsQuery>

/** The targets file in force, and the faults of a newer version that was rejected. */
export const TargetsFileState = Type.Object({
  path: Type.String(),
  loadedAt: Nullable(Time),
  clusters: Type.Array(Type.String()),
  checkedAt: Time,
  faults: Type.Array(Type.String(), {
    description: '`FILE:LINE:COLUMN: path: fault`; the older file stays in force',
  }),
})
export type TargetsFileState = Static<typeof TargetsFileState>

export const ListTargetsReply = Type.Object({
  items: Type.Array(TargetSummary),
  nextCursor: Nullable(Type.String()),
  file: Nullable(TargetsFileState),
})
export type ListTargetsReply = Static<typeof ListTargetsReply>

/** A target added over the API: one address, without credentials. */
export const SaveTargetBody = Type.Object(
  {
    url: Type.String({
      pattern: '^https?://',
      maxLength: 1000,
      description: 'The URL before /debug/pprof/: http://10.0.0.1:6060',
    }),
    kind: Type.Optional(Type.Enum([...TARGET_KINDS], { default: 'go' })),
    cluster: Type.Optional(
      Type.String({
        maxLength: 63,
        description: 'A cluster of the targets file, for display; gives no credentials',
      }),
    ),
    schedules: Type.Optional(
      Type.Array(ResourceName, {
        maxItems: 20,
        description: 'Schedules of the targets file that capture it',
      }),
    ),
  },
  { additionalProperties: false },
)
export type SaveTargetBody = Static<typeof SaveTargetBody>

export const CreateTargetBody = Type.Object(
  { name: ResourceName, ...SaveTargetBody.properties },
  { additionalProperties: false },
)
export type CreateTargetBody = Static<typeof CreateTargetBody>

/** Result of a target test: whether it can be reached, and with which rights. */
export const TestTargetReply = Type.Object({
  testedAt: Time,
  isFine: Type.Boolean(),
  lines: Type.Array(
    Type.Object({
      subject: Type.String({ description: 'The process, or the discovery' }),
      isFine: Type.Boolean(),
      text: Type.String(),
      remedy: Nullable(Type.String({ description: 'For example the ClusterRole rule, as YAML' })),
    }),
  ),
})
export type TestTargetReply = Static<typeof TestTargetReply>

/** Slots that were skipped since the schedule was made, by reason. */
export const SkippedSlots = Type.Object({
  missed: Type.Integer({ description: 'No collector ran at the time' }),
  overlap: Type.Integer({ description: 'The previous capture was unfinished' }),
  failing: Type.Integer({ description: 'The process fails, and is tried less often' }),
  cost: Type.Integer({ description: 'It would exceed its share of CPU profiling' }),
})
export type SkippedSlots = Static<typeof SkippedSlots>

export const ScheduleSummary = Type.Object({
  name: ResourceName,
  targets: Type.Array(ResourceName),
  every: Nullable(Type.String({ description: '`10m`' })),
  cron: Nullable(Type.String()),
  timezone: Nullable(Type.String()),
  profileSet: Type.String(),
  profiles: Type.Array(Type.String()),
  seconds: Nullable(Type.Integer({ description: 'Duration of the CPU profile' })),
  capturesPerDay: Type.Number({ description: 'Of each process, on average' }),
  pausedAt: Nullable(Time),
  processCount: Type.Integer(),
  failingCount: Type.Integer({ description: 'Number of its failing processes' }),
  nextRunAt: Nullable(Time),
  lastRunAt: Nullable(Time),
  skipped: SkippedSlots,
  error: Nullable(Trouble),
})
export type ScheduleSummary = Static<typeof ScheduleSummary>

export const ListSchedulesQuery = Type.Object(
  {
    target: Type.Optional(Type.String({ ...SHORT_TEXT, description: 'Of this target' })),
    component: Type.Optional(
      Type.String({
        ...SHORT_TEXT,
        description: 'Of a target of this kind, or with a process of this component',
      }),
    ),
    status: Type.Optional(Type.Enum(['active', 'paused'])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ListSchedulesQuery = Static<typeof ListSchedulesQuery>

export const ListSchedulesReply = Type.Object({
  items: Type.Array(ScheduleSummary),
  nextCursor: Nullable(Type.String()),
})
export type ListSchedulesReply = Static<typeof ListSchedulesReply>

const texts = Type.Record(Type.String({ maxLength: 1000 }), Type.String({ maxLength: 65_536 }))

/**
 * What Alertmanager sends (version 4): https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * Fields that newer versions add are allowed.
 */
export const AlertmanagerBody = Type.Object(
  {
    version: Type.Literal('4'),
    status: Type.Optional(Type.String()),
    alerts: Type.Array(
      Type.Object(
        {
          status: Type.Enum(['firing', 'resolved']),
          labels: texts,
          annotations: Type.Optional(texts),
          startsAt: Type.String({ format: 'date-time' }),
          fingerprint: Type.String({ minLength: 1, maxLength: 200 }),
        },
        { additionalProperties: true },
      ),
      { maxItems: 1000 },
    ),
  },
  { additionalProperties: true },
)
export type AlertmanagerBody = Static<typeof AlertmanagerBody>

/** The result of each alert, in the order sent. */
export const TriggerReply = Type.Object({
  items: Type.Array(
    Type.Object({
      fingerprint: Type.String(),
      trigger: Nullable(ResourceName),
      captureIds: Type.Array(Id),
      skipped: Nullable(
        Type.Enum(['resolved', 'unmatched', 'no-process', 'repeated', 'cooldown', 'cost', 'limit']),
      ),
    }),
  ),
})
export type TriggerReply = Static<typeof TriggerReply>
