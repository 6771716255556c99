import { Type, type Static } from 'typebox'
import { Nullable } from './schemas.ts'

// `diagnosis/report.ts` says what each member means. Members may be added there without harm to readers, so these
// schemas let unknown members pass; a test holds the two shapes together.
const open = { additionalProperties: true }

export const Language = Type.Enum(['en', 'zh'])
export type Language = Static<typeof Language>

export const Level = Type.Enum(['info', 'warning', 'critical'])
export type Level = Static<typeof Level>

/** Go's own profiles, by the names of `runtime/pprof`; `cpu` is what it calls `profile`. */
export const PROFILE_KINDS = [
  'cpu',
  'heap',
  'allocs',
  'goroutine',
  'block',
  'mutex',
  'threadcreate',
] as const

/** Which of Go's profiles it is; `unknown` where the sample types are of none of them. */
export const ProfileType = Type.Enum([...PROFILE_KINDS, 'unknown'])
export type ProfileType = Static<typeof ProfileType>

/** One thing seen in the profile that speaks for the finding. `stack` reads root to leaf. */
export const Evidence = Type.Object(
  {
    kind: Type.Enum([
      'stack',
      'numbers',
      'kinds',
      'split',
      'callers',
      'limits',
      'profile',
      'metric',
      'log',
    ]),
    text: Type.String(),
    stack: Type.Optional(Type.Array(Type.String())),
    inferred: Type.Optional(
      Type.Number({ description: 'So many frames at the root are inferred' }),
    ),
    matched: Type.Optional(Type.Array(Type.Number(), { description: 'Rows of `stack`' })),
    value: Type.Optional(Type.Number({ description: "In the finding's unit" })),
    share: Type.Optional(Type.Number()),
  },
  open,
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
  open,
)
export type NextStep = Static<typeof NextStep>

export const FoldedFinding = Type.Object(
  {
    rule: Type.String(),
    group: Nullable(Type.String()),
    level: Level,
    title: Type.String(),
    profile: ProfileType,
    share: Type.Number(),
    cores: Nullable(Type.Number()),
    count: Type.Number(),
  },
  open,
)
export type FoldedFinding = Static<typeof FoldedFinding>

export const Finding = Type.Object(
  {
    rule: Type.String({ description: 'The rule id; stable' }),
    group: Nullable(Type.String()),
    level: Level,
    title: Type.String(),
    meaning: Type.String(),
    profile: ProfileType,
    input: Type.Number({ description: 'Row of `inputs`' }),
    value: Type.Number({ description: 'In `unit`' }),
    unit: Type.String(),
    share: Type.Number({ description: '0 to 1 of the profile' }),
    shareLow: Type.Number({ description: 'Lower end of the 95% interval' }),
    shareHigh: Type.Number({ description: 'Upper end of the 95% interval' }),
    cores: Nullable(Type.Number({ description: 'CPU seconds per second' })),
    count: Type.Number({ description: 'Samples, contentions or goroutines that matched' }),
    evidence: Type.Array(Evidence),
    frames: Type.Array(Type.String(), { description: 'Functions for a view to mark' }),
    remedy: Type.Array(Type.String()),
    next: Type.Array(NextStep),
    sources: Type.Array(Type.String()),
    also: Type.Array(FoldedFinding),
  },
  open,
)
export type Finding = Static<typeof Finding>

/** What garbage collection cost, partitioned so that the shares add up. */
export const GcAccount = Type.Object(
  {
    paidShare: Type.Number(),
    idleShare: Type.Number(),
    allocShare: Type.Number(),
    naiveShare: Type.Number({ description: 'cum(gcBgMarkWorker), shown because people know it' }),
    cores: Nullable(Type.Number({ description: 'CPU seconds per second of the whole process' })),
    classes: Type.Array(Type.Object({ name: Type.String(), share: Type.Number() })),
  },
  open,
)
export type GcAccount = Static<typeof GcAccount>

export const ReportInput = Type.Object(
  {
    path: Type.String(),
    type: ProfileType,
    component: Nullable(Type.String()),
    kubernetesVersion: Nullable(Type.String()),
    goVersion: Nullable(Type.String()),
    durationSeconds: Nullable(Type.Number()),
    samples: Type.Number(),
    cutShare: Type.Number(),
    rerootedShare: Type.Number(),
  },
  open,
)
export type ReportInput = Static<typeof ReportInput>

export const Note = Type.Object(
  { code: Type.String(), text: Type.String(), input: Nullable(Type.Number()) },
  open,
)
export type Note = Static<typeof Note>

/** The findings of a profile or a capture. */
export const Report = Type.Object(
  {
    version: Type.Literal(1),
    language: Language,
    inputs: Type.Array(ReportInput),
    gc: Nullable(GcAccount),
    findings: Type.Array(Finding),
    notes: Type.Array(Note),
  },
  open,
)
export type Report = Static<typeof Report>

export const ReportQuery = Type.Object(
  { lang: Type.Optional(Language) },
  { additionalProperties: false },
)
export type ReportQuery = Static<typeof ReportQuery>
