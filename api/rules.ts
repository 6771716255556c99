import { Type, type Static } from 'typebox'
import { Level } from './profiles/report.ts'
import { type Immutable, ListOf, NO_CURSOR, Nullable } from './schemas.ts'

const closed = { additionalProperties: false }

const Text = Type.Object({ en: Type.String(), zh: Type.String() }, closed)

const summary = {
  id: Type.String({ description: 'The id used in findings: apiserver.list-from-etcd' }),
  title: Text,
  components: ListOf(Type.String(), {
    description: 'Globs of its components; empty for a rule over other rules',
  }),
  reads: ListOf(Type.String(), { description: 'Sample types, or `several`' }),
  worstLevel: Level,
  isOwn: Type.Boolean({ description: 'True for a rule of `worker.rulesDirectory`' }),
}

/** A rule as lists show it. */
export const RuleSummary = Type.Object(summary, closed)
export type RuleSummary = Immutable<Static<typeof RuleSummary>>

export const ListRulesReply = Type.Object(
  { items: ListOf(RuleSummary), nextCursor: NO_CURSOR },
  closed,
)
export type ListRulesReply = Immutable<Static<typeof ListRulesReply>>

/**
 * What a rule means, how to confirm it and what to change. Numbers from a profile are shown as
 * dots.
 */
export const RuleReply = Type.Object(
  {
    ...summary,
    meaning: Text,
    versions: Nullable(Type.String({ description: 'Of Kubernetes: >=1.20 <1.36' })),
    goVersions: Nullable(Type.String()),
    levels: ListOf(
      Type.Object({ reads: Type.String(), level: Level, condition: Type.String() }, closed),
    ),
    remarks: ListOf(Text),
    remedy: ListOf(Text),
    next: ListOf(
      Type.Object(
        { what: Text, kind: Type.Enum(['command', 'metric', 'log']), text: Type.String() },
        closed,
      ),
    ),
    sources: ListOf(Type.String()),
    explains: ListOf(Type.String()),
    confirmedBy: ListOf(Type.String()),
    cases: ListOf(
      Type.Object(
        {
          name: Type.String(),
          fires: Nullable(Level),
          profiles: ListOf(Type.Object({ reads: Type.String(), stacks: Type.String() }, closed)),
        },
        closed,
      ),
    ),
    file: Type.String({ description: 'The YAML of the rule' }),
  },
  closed,
)
export type RuleReply = Immutable<Static<typeof RuleReply>>
