import { Type, type Static } from 'typebox'
import { type Immutable, ListOf, Nullable } from './schemas.ts'

// The one description of a report: diagnosis makes it, the service stores and serves it, `kubeprof diagnose --json`
// prints it and the page shows it. Members may be added without harm to readers, so unknown members pass.
const open = { additionalProperties: true }

export const Language = Type.Enum(['en', 'zh'])
export type Language = Static<typeof Language>

/** info: true and worth knowing. warning: acting will visibly help. critical: this is the incident. */
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

/** Which of Go's profiles it is; `unknown` where neither sample types nor stacks show it. */
export const ProfileType = Type.Enum([...PROFILE_KINDS, 'unknown'])
export type ProfileType = Static<typeof ProfileType>

/**
 * `stack`: one of the hottest stacks under the match. `numbers`: what the level stands on. `kinds`: object kinds seen.
 * `split`: parts of the match. `callers`: who calls it. `limits`: what weakens or caps the finding. `profile`, `metric`,
 * `log`: what another source says of the same thing.
 */
export const EvidenceKind = Type.Enum([
  'stack',
  'numbers',
  'kinds',
  'split',
  'callers',
  'limits',
  'profile',
  'metric',
  'log',
])

/** One thing seen in the profile that speaks for the finding. */
export const Evidence = Type.Object(
  {
    kind: EvidenceKind,
    text: Type.String(),
    stack: Type.Optional(ListOf(Type.String(), { description: 'Function names, root first' })),
    inferred: Type.Optional(
      Type.Number({ description: 'So many frames at the root are inferred: Go had cut the stack' }),
    ),
    matched: Type.Optional(
      ListOf(Type.Number(), { description: 'Rows of `stack` that the rule looked for' }),
    ),
    value: Type.Optional(Type.Number({ description: "In the finding's unit" })),
    share: Type.Optional(Type.Number()),
  },
  open,
)
export type Evidence = Immutable<Static<typeof Evidence>>

/** Where to look for what a profile cannot show: a command to run, a metric to query or a log line to search. */
export const NextStep = Type.Object(
  {
    what: Type.String(),
    command: Type.Optional(Type.String()),
    metric: Type.Optional(Type.String()),
    log: Type.Optional(Type.String()),
  },
  open,
)
export type NextStep = Immutable<Static<typeof NextStep>>

/** A finding that has the same cause as the one it is listed under. */
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
export type FoldedFinding = Immutable<Static<typeof FoldedFinding>>

export const Finding = Type.Object(
  {
    rule: Type.String({ description: 'The rule id; stable' }),
    group: Nullable(
      Type.String({
        description: 'Which controller, plugin or handler, of rules that judge each apart',
      }),
    ),
    level: Level,
    title: Type.String(),
    meaning: Type.String({ description: 'With the numbers of this profile' }),
    profile: ProfileType,
    input: Type.Number({ description: 'Row of `inputs`' }),
    value: Type.Number({ description: 'In `unit`: the number that the level stands on' }),
    unit: Type.String({ description: '`nanoseconds`, `bytes` or `count`' }),
    share: Type.Number({ description: '0 to 1 of the profile' }),
    shareLow: Type.Number({ description: 'Lower end of the 95% interval' }),
    shareHigh: Type.Number({ description: 'Upper end of the 95% interval' }),
    cores: Nullable(Type.Number({ description: 'CPU seconds per second, of CPU profiles' })),
    count: Type.Number({ description: 'Samples, contentions or goroutines that matched' }),
    evidence: ListOf(Evidence),
    frames: ListOf(Type.String(), {
      description: 'Functions for a view to mark: those the rule matched, most time first',
    }),
    remedy: ListOf(Type.String()),
    next: ListOf(NextStep),
    sources: ListOf(Type.String()),
    also: ListOf(FoldedFinding, { description: 'Findings with the same cause' }),
  },
  open,
)
export type Finding = Immutable<Static<typeof Finding>>

/** Where CPU time went in the collector. The shares are of all CPU time, and no sample is counted twice. */
export const GcAccount = Type.Object(
  {
    paidShare: Type.Number({ description: 'CPU not spent without a collector' }),
    idleShare: Type.Number({
      description: 'Marking on idle processors; harmless unless the container has a CPU limit',
    }),
    allocShare: Type.Number({ description: 'Allocation itself; not part of `paidShare`' }),
    // It misses assists, sweeping and barriers, and includes idle marking.
    naiveShare: Type.Number({ description: 'cum(gcBgMarkWorker), shown because people know it' }),
    cores: Nullable(Type.Number({ description: 'CPU seconds per second of the whole process' })),
    classes: ListOf(
      Type.Object({
        name: Type.String({ description: '`gc.assist`, `alloc`, `sched`, `mutator`, ...' }),
        share: Type.Number(),
      }),
      { description: 'Every class of stack; the shares add up to 1' },
    ),
  },
  open,
)
export type GcAccount = Immutable<Static<typeof GcAccount>>

export const ReportInput = Type.Object(
  {
    path: Type.String({ description: 'As given: a path, or a name of the service' }),
    type: ProfileType,
    component: Nullable(
      Type.String({ description: '`kube-apiserver`, `etcd`, ...; inferred unless given' }),
    ),
    kubernetesVersion: Nullable(
      Type.String({ description: '`v1.30.4` as given, `1.30-1.31` or `>=1.33` as inferred' }),
    ),
    goVersion: Nullable(Type.String()),
    durationSeconds: Nullable(Type.Number()),
    samples: Type.Number({
      description: 'CPU ticks, goroutines, contentions or sampled allocations',
    }),
    cutShare: Type.Number({ description: 'Share of the value in stacks that Go had cut' }),
    rerootedShare: Type.Number({ description: 'The part of `cutShare` whose root was inferred' }),
  },
  open,
)
export type ReportInput = Immutable<Static<typeof ReportInput>>

/** Something that could not be judged, and why. */
export const Note = Type.Object(
  {
    code: Type.String({ description: '`too_few_samples`, `stacks_cut`, `since_start`, ...' }),
    text: Type.String(),
    input: Nullable(Type.Number({ description: 'Row of `inputs`' })),
  },
  open,
)
export type Note = Immutable<Static<typeof Note>>

/** What may be concluded where there are no findings; reports with findings and those of older versions have none. */
export const ReportSummary = Type.Object(
  {
    isClear: Type.Boolean({
      description:
        'The component has rules of its own, and one of its profiles at least shows what goes on now',
    }),
    text: Type.String({ description: 'What was looked for, what was not, and why' }),
  },
  open,
)

export type ReportSummary = Immutable<Static<typeof ReportSummary>>

/**
 * The findings of a profile or a capture. Texts are in one language; numbers, ids and names are the same in all.
 * `version` grows when a reader of the older form would misread this one; new members alone do not count.
 */
export const Report = Type.Object(
  {
    version: Type.Literal(1),
    language: Language,
    inputs: ListOf(ReportInput),
    gc: Nullable(GcAccount),
    findings: ListOf(Finding, { description: 'Most severe first, then by impact' }),
    notes: ListOf(Note),
    summary: Type.Optional(ReportSummary),
  },
  open,
)
export type Report = Immutable<Static<typeof Report>>

export const ReportQuery = Type.Object(
  { lang: Type.Optional(Language) },
  { additionalProperties: false },
)
export type ReportQuery = Static<typeof ReportQuery>
