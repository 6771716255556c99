import type { Level } from './report.ts'
import { Type, type Static } from 'typebox'
import { type Immutable, ListOf, Nullable, ValueTypeSchema } from '../schemas.ts'

const pattern = { maxLength: 1000 }

/** pprof's own short URL parameters, so that a query string pasted from `pprof -http` works here. */
const filterParameters = {
  si: Type.Optional(Type.String({ maxLength: 100, description: 'sample_index: name or number' })),
  f: Type.Optional(Type.String({ ...pattern, description: 'focus' })),
  i: Type.Optional(Type.String({ ...pattern, description: 'ignore' })),
  h: Type.Optional(Type.String({ ...pattern, description: 'hide' })),
  s: Type.Optional(Type.String({ ...pattern, description: 'show' })),
  sf: Type.Optional(Type.String({ ...pattern, description: 'show_from' })),
  prunefrom: Type.Optional(Type.String({ ...pattern, description: 'prune_from' })),
  fs: Type.Optional(
    Type.String({
      maxLength: 8000,
      description:
        'Further filters, one a line, each applied to what those before it left: `h ^runtime`',
    }),
  ),
  tf: Type.Optional(Type.String({ ...pattern, description: 'tagfocus' })),
  ti: Type.Optional(Type.String({ ...pattern, description: 'tagignore' })),
  ts: Type.Optional(Type.String({ ...pattern, description: 'tagshow' })),
  st: Type.Optional(Type.String({ ...pattern, description: 'tagshow, the same as ts' })),
  th: Type.Optional(Type.String({ ...pattern, description: 'taghide' })),
  tr: Type.Optional(Type.String({ ...pattern, description: 'tagroot' })),
  tl: Type.Optional(Type.String({ ...pattern, description: 'tagleaf' })),
  g: Type.Optional(
    Type.Enum(['functions', 'filefunctions', 'files', 'lines', 'addresses'], {
      description: 'granularity',
    }),
  ),
  noinlines: Type.Optional(Type.Enum(['t', 'f'])),
}
const strict = { additionalProperties: false }

export const TopQuery = Type.Object(
  {
    ...filterParameters,
    n: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
    sort: Type.Optional(Type.Enum(['flat', 'cum'], { default: 'flat' })),
  },
  strict,
)
export type TopQuery = Static<typeof TopQuery>

export const FlameQuery = Type.Object(
  {
    ...filterParameters,
    n: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 800,
        default: 800,
        description: 'At most this many frames; the rest is drawn as "other"',
      }),
    ),
  },
  strict,
)
export type FlameQuery = Static<typeof FlameQuery>

export const PeekQuery = Type.Object(
  { ...filterParameters, q: Type.String({ ...pattern, description: 'Functions to show' }) },
  strict,
)
export type PeekQuery = Static<typeof PeekQuery>

export const TreeQuery = Type.Object(
  {
    ...filterParameters,
    n: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 80 })),
  },
  strict,
)
export type TreeQuery = Static<typeof TreeQuery>

export const TracesQuery = Type.Object(
  {
    ...filterParameters,
    n: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Samples at most' }),
    ),
  },
  strict,
)
export type TracesQuery = Static<typeof TracesQuery>

export const GraphQuery = Type.Object(
  {
    ...filterParameters,
    n: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2000, default: 80, description: 'Functions at most' }),
    ),
  },
  strict,
)
export type GraphQuery = Static<typeof GraphQuery>

export const TagsQuery = Type.Object(
  {
    ...filterParameters,
    n: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Values per tag' }),
    ),
  },
  strict,
)
export type TagsQuery = Static<typeof TagsQuery>

export const SvgQuery = Type.Object(
  {
    ...filterParameters,
    width: Type.Optional(Type.Integer({ minimum: 300, maximum: 4000, default: 1200 })),
  },
  strict,
)
export type SvgQuery = Static<typeof SvgQuery>

export const EXPORT_FORMATS = ['pprof', 'folded', 'speedscope', 'json', 'csv'] as const

export const ExportQuery = Type.Object(
  {
    ...filterParameters,
    format: Type.Enum([...EXPORT_FORMATS], {
      description: 'pprof and json have all sample types, the others the one of si',
    }),
  },
  strict,
)
export type ExportQuery = Static<typeof ExportQuery>
export type ExportFormat = ExportQuery['format']

/** What of a profile the holder of a link does not see; `null` for all of it. */
export interface ViewRedaction {
  readonly labels: 'shown' | 'names' | 'hidden'
  /** Only what these filters leave, and only their sample type. */
  readonly only: TagsQuery | null
}

/** The base of a view's shares: the total of the whole profile, before any filter. */
const measured = {
  sampleType: ValueTypeSchema,
  total: Type.Number({ description: 'In the unit of the sample type' }),
  totalExact: Type.Optional(Type.String({ description: 'Digits, when past 2^53' })),
}

export const TopRow = Type.Object({
  name: Type.String(),
  flat: Type.Number(),
  cum: Type.Number(),
  flatShare: Type.Number(),
  cumShare: Type.Number(),
  subsystem: Type.Optional(Type.String()),
  inlined: Type.Optional(
    Type.Enum(['none', 'some', 'all'], {
      description: 'On which of the paths to it the compiler had inlined its calls',
    }),
  ),
})
export const TopReply = Type.Object({
  ...measured,
  rowCount: Type.Integer({ description: 'Total number of functions' }),
  rows: ListOf(TopRow),
})
export type TopReply = Immutable<Static<typeof TopReply>>

/**
 * The flame graph, pruned to `n` frames, callers before callees: `parent` is a row number of
 * `frames`, -1 at a root. The values are those of the full profile; `isOther` marks a placeholder
 * for frames not sent.
 */
export const FlameFrame = Type.Object({
  parent: Type.Integer(),
  name: Type.String(),
  flat: Type.Number(),
  cum: Type.Number(),
  subsystem: Type.Optional(Type.String()),
  isAncestor: Type.Optional(Type.Boolean({ description: 'A caller of the focus' })),
  isInferred: Type.Optional(Type.Boolean()),
  isInlined: Type.Optional(Type.Boolean()),
  isOther: Type.Optional(Type.Boolean({ description: 'A placeholder for frames not sent' })),
  hiddenCount: Type.Optional(Type.Integer({ description: 'Number of callees it stands for' })),
})
export const FlameReply = Type.Object({
  ...measured,
  frameCount: Type.Integer({ description: 'Number of frames of the unpruned graph' }),
  frames: ListOf(FlameFrame),
})
export type FlameReply = Immutable<Static<typeof FlameReply>>

const PeekEdge = Type.Object({ name: Type.String(), value: Type.Number(), share: Type.Number() })
export const PeekReply = Type.Object({
  ...measured,
  matchCount: Type.Integer({
    description: 'Number of matching functions; `items` holds the first',
  }),
  items: ListOf(
    Type.Object({
      name: Type.String(),
      flat: Type.Number(),
      cum: Type.Number(),
      callers: ListOf(PeekEdge),
      callees: ListOf(PeekEdge),
    }),
  ),
})
export type PeekReply = Immutable<Static<typeof PeekReply>>

/** As peek, for the functions with the largest cum. */
export const TreeReply = PeekReply
export type TreeReply = PeekReply

export const TracesReply = Type.Object({
  ...measured,
  sampleTypes: ListOf(ValueTypeSchema, { description: 'What `values` of each sample are of' }),
  sampleCount: Type.Integer({
    description:
      'Number of samples with a value, of what the filters leave; `samples` holds the largest',
  }),
  leftOutSampleCount: Type.Optional(
    Type.Integer({ description: 'How many smaller samples are not listed' }),
  ),
  leftOutTotal: Type.Optional(
    Type.Number({ description: 'What these have together, in the unit of the sample type' }),
  ),
  samples: ListOf(
    Type.Object({
      value: Type.Number({ description: 'Of `sampleType`' }),
      share: Type.Number(),
      values: ListOf(Type.Number(), { description: 'One for each of `sampleTypes`' }),
      labels: ListOf(
        Type.Object({
          key: Type.String(),
          value: Type.String(),
          unit: Nullable(Type.String({ description: 'Of a number; null for a text' })),
        }),
      ),
      stack: ListOf(
        Type.Object({
          name: Type.String(),
          isInlined: Type.Optional(Type.Boolean()),
          isInferred: Type.Optional(Type.Boolean()),
        }),
        { description: 'The leaf first' },
      ),
    }),
    { description: 'Largest first' },
  ),
})
export type TracesReply = Immutable<Static<typeof TracesReply>>

export const TagsReply = Type.Object({
  ...measured,
  leftOutTagCount: Type.Optional(
    Type.Integer({ description: 'How many tags with smaller totals are not listed' }),
  ),
  tags: ListOf(
    Type.Object({
      key: Type.String(),
      total: Type.Number(),
      leftOutValueCount: Type.Optional(
        Type.Integer({ description: 'How many values with smaller totals are not listed' }),
      ),
      values: ListOf(
        Type.Object({
          value: Type.String(),
          unit: Nullable(Type.String()),
          total: Type.Number(),
          share: Type.Number(),
        }),
      ),
    }),
  ),
})
export type TagsReply = Immutable<Static<typeof TagsReply>>

/** The query of each view. */
export interface ViewQueries {
  readonly top: TopQuery
  readonly flame: FlameQuery
  readonly peek: PeekQuery
  readonly tree: TreeQuery
  readonly traces: TracesQuery
  readonly graph: GraphQuery
  readonly tags: TagsQuery
  readonly svg: SvgQuery
  readonly png: SvgQuery
  readonly export: ExportQuery
  readonly columns: Readonly<Record<string, never>>
  readonly preview: PreviewQuery
}
export type ViewName = keyof ViewQueries

/** The call graph, trimmed as pprof trims it for drawing. `caller` and `callee` are rows of `nodes`. */
export const GraphReply = Type.Object({
  ...measured,
  funcCount: Type.Integer({ description: 'Functions of the view, shown or not' }),
  smallCount: Type.Integer({ description: 'How many are left out because they are small' }),
  nodes: ListOf(Type.Object({ name: Type.String(), flat: Type.Number(), cum: Type.Number() }), {
    description: 'The most informative first',
  }),
  edges: ListOf(
    Type.Object({
      caller: Type.Integer(),
      callee: Type.Integer(),
      weight: Type.Number(),
      isInlined: Type.Boolean({ description: 'Every such call was inlined' }),
      isResidual: Type.Boolean({ description: 'Functions that are not shown lie between them' }),
    }),
    { description: 'The heaviest first' },
  ),
})
export type GraphReply = Immutable<Static<typeof GraphReply>>

/** The picture of a shared profile, 1200 x 630: what it says above the flame graph. */
export interface PreviewQuery {
  readonly level: Level | null
  readonly title: string
  readonly facts: readonly string[]
  readonly si?: string
}

/** The reply of each view. */
export interface ViewReplies {
  readonly top: TopReply
  readonly flame: FlameReply
  readonly peek: PeekReply
  readonly tree: TreeReply
  readonly traces: TracesReply
  readonly graph: GraphReply
  readonly tags: TagsReply
  /** An SVG document without scripts. */
  readonly svg: string
  /** The same picture as PNG. */
  readonly png: Uint8Array
  /** The file. */
  readonly export: Uint8Array
  /** Gzipped columns. */
  readonly columns: Uint8Array
  /** PNG. */
  readonly preview: Uint8Array
}

/** A function for each view. With a redaction, the view is of what that leaves. */
export type ViewFunctions<Profile> = {
  readonly [Name in ViewName]: (
    profile: Profile,
    query: ViewQueries[Name],
    redaction?: ViewRedaction | null,
  ) => Promise<ViewReplies[Name]>
}
