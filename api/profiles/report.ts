import { PROFILE_KINDS } from './profile-kinds.ts'
import { Type, type Static } from 'typebox'
import { type Immutable, ListOf, Nullable } from '../schemas.ts'

// The schema of a report: diagnosis makes it, the service stores and serves it, `kubeprof diagnose
// --json` prints it and the page shows it. Members may be added later, so unknown members are
// allowed.
const open = { additionalProperties: true }

export const Language = Type.Enum(['en', 'zh'])
export type Language = Static<typeof Language>

/**
 * info: true and worth knowing. warning: acting will visibly help. critical: it causes the
 * incident.
 */
export const Level = Type.Enum(['info', 'warning', 'critical'])
export type Level = Static<typeof Level>

/** Which Go profile it is; `unknown` when neither sample types nor stacks show it. */
export const ProfileType = Type.Enum([...PROFILE_KINDS, 'unknown'])
export type ProfileType = Static<typeof ProfileType>

/**
 * `stack`: one of the hottest stacks under the match. `numbers`: the basis of the level. `kinds`:
 * object kinds seen. `split`: parts of the match. `callers`: who calls it. `limits`: what weakens
 * or caps the finding. `profile`, `metric`, `log`: the same fact from another source.
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

/** One observation in the profile that supports the finding. */
export const Evidence = Type.Object(
  {
    kind: EvidenceKind,
    text: Type.String(),
    stack: Type.Optional(ListOf(Type.String(), { description: 'Function names, root first' })),
    inferred: Type.Optional(
      Type.Number({
        description: 'Number of inferred frames at the root: Go had truncated the stack',
      }),
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

/**
 * Where to look next beyond the profile: a command to run, a metric to query or a log line to
 * search.
 */
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

/** A finding with the same cause as its parent finding. */
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

/** What a function needed before it rose above what is normal. */
export const UsualCores = Type.Object(
  {
    cores: Type.Number(),
    noise: Type.Number({ description: 'Cores: the standard deviation of captures' }),
    sinceMs: Type.Number({ description: 'When it rose, in milliseconds since 1970' }),
    latestSinceMs: Type.Optional(
      Type.Number({
        description: 'Where that is not sure: the latest, and `sinceMs` the earliest',
      }),
    ),
    version: Nullable(Type.String({ description: 'Of Kubernetes, where it was new then' })),
  },
  open,
)
export type UsualCores = Immutable<Static<typeof UsualCores>>

export const Finding = Type.Object(
  {
    rule: Type.String({ description: 'The rule id; stable' }),
    group: Nullable(
      Type.String({
        description: 'The controller, plugin or handler, for rules that judge each separately',
      }),
    ),
    level: Level,
    title: Type.String(),
    meaning: Type.String({ description: 'With the numbers of this profile' }),
    profile: ProfileType,
    input: Type.Number({ description: 'Row of `inputs`' }),
    value: Type.Number({ description: 'In `unit`: the number that the level is based on' }),
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
    usual: Type.Optional(UsualCores),
    also: ListOf(FoldedFinding, { description: 'Findings with the same cause' }),
  },
  open,
)
export type Finding = Immutable<Static<typeof Finding>>

/** CPU time of the garbage collector. Shares are of all CPU time, and no sample counts twice. */
export const GcAccount = Type.Object(
  {
    paidShare: Type.Number({
      description: 'CPU that would not be spent without a garbage collector',
    }),
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
    path: Type.String({ description: 'As given: a path, or a name in the service' }),
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
    cutShare: Type.Number({ description: 'Share of the value in stacks that Go truncated' }),
    rerootedShare: Type.Number({ description: 'The part of `cutShare` whose root was inferred' }),
  },
  open,
)
export type ReportInput = Immutable<Static<typeof ReportInput>>

/** What could not be judged, and why. */
export const Note = Type.Object(
  {
    code: Type.String({ description: '`too_few_samples`, `stacks_cut`, `since_start`, ...' }),
    text: Type.String(),
    input: Nullable(Type.Number({ description: 'Row of `inputs`' })),
  },
  open,
)
export type Note = Immutable<Static<typeof Note>>

/** What the absence of findings means. Missing in reports with findings and of older versions. */
export const ReportSummary = Type.Object(
  {
    isClear: Type.Boolean({
      description:
        'The component has its own rules, and at least one of its profiles shows current activity',
    }),
    text: Type.String({ description: 'What was checked, what was not, and why' }),
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
