import { Type, type Static } from 'typebox'
import { Nullable, Remark } from './schemas.ts'

export const Level = Type.Enum(['info', 'warning', 'critical'])
export type Level = Static<typeof Level>

/** One thing seen in the profile that speaks for the finding. `stack` reads root to leaf. */
export const Evidence = Type.Object(
  {
    kind: Type.String({ description: 'stack, share, split, number, ...' }),
    text: Type.String(),
    stack: Type.Optional(Type.Array(Type.String())),
    value: Type.Optional(Type.Number()),
  },
  { additionalProperties: true },
)
export type Evidence = Static<typeof Evidence>

/** What to look at next: a command to run, a metric to query or a log line to search. */
export const NextStep = Type.Object(
  {
    what: Type.String(),
    command: Type.Optional(Type.String()),
    metric: Type.Optional(Type.String()),
    log: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
)
export type NextStep = Static<typeof NextStep>

export const Finding = Type.Object(
  {
    rule: Type.String({ description: 'The rule id; stable' }),
    level: Level,
    title: Type.String(),
    profile: Type.String({ description: 'cpu, heap, goroutine, block, mutex, ...' }),
    value: Type.Number(),
    unit: Type.String(),
    share: Nullable(Type.Number({ description: '0 to 1 of the total' })),
    shareLow: Nullable(Type.Number({ description: 'Lower end of the 95 % interval' })),
    cores: Nullable(Type.Number()),
    evidence: Type.Array(Evidence),
    remedy: Type.Array(Type.String()),
    next: Type.Array(NextStep),
    sources: Type.Array(Type.String()),
  },
  { additionalProperties: true },
)
export type Finding = Static<typeof Finding>

/** What garbage collection cost, partitioned so that the shares add up. */
export const GcAccount = Type.Object(
  {
    paidShare: Type.Number(),
    idleShare: Type.Number(),
    allocShare: Type.Number(),
    naiveShare: Type.Number({ description: 'cum(gcBgMarkWorker), shown because people know it' }),
    cores: Nullable(Type.Number()),
  },
  { additionalProperties: true },
)
export type GcAccount = Static<typeof GcAccount>

export const ReportInput = Type.Object(
  {
    path: Type.String(),
    type: Nullable(Type.String()),
    component: Nullable(Type.String()),
    kubernetesVersion: Nullable(Type.String()),
    goVersion: Nullable(Type.String()),
    durationSeconds: Nullable(Type.Number()),
    samples: Type.Number(),
  },
  { additionalProperties: true },
)
export type ReportInput = Static<typeof ReportInput>

/** The findings of a profile or a capture. `diagnosis/` makes it; this is the same shape on the wire. */
export const Report = Type.Object(
  {
    version: Type.Literal(1),
    inputs: Type.Array(ReportInput),
    gc: Nullable(GcAccount),
    findings: Type.Array(Finding),
    notes: Type.Array(Remark),
  },
  { additionalProperties: true },
)
export type Report = Static<typeof Report>

export const ReportQuery = Type.Object(
  { lang: Type.Optional(Type.Enum(['en', 'zh'], { default: 'en' })) },
  { additionalProperties: false },
)
export type ReportQuery = Static<typeof ReportQuery>
