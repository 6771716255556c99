import { Type, type Static } from 'typebox'
import { Level } from './report.ts'
import { Nullable } from './schemas.ts'

const closed = { additionalProperties: false }

const Text = Type.Object({ en: Type.String(), zh: Type.String() }, closed)

const summary = {
  id: Type.String({ description: 'As findings name it: apiserver.list-from-etcd' }),
  title: Text,
  components: Type.Array(Type.String(), {
    description: 'Globs of the components it is for; empty for a rule over other rules',
  }),
  reads: Type.Array(Type.String(), { description: 'Sample types, or `several`' }),
  isOwn: Type.Boolean({ description: 'True for a rule of `worker.rulesDirectory`' }),
}

/** What a list of rules shows of one. */
export const RuleSummary = Type.Object(summary, closed)
export type RuleSummary = Static<typeof RuleSummary>

export const ListRulesReply = Type.Object({ items: Type.Array(RuleSummary) }, closed)
export type ListRulesReply = Static<typeof ListRulesReply>

/** What a rule means, how to confirm it and what to change. Numbers of a profile are dots here. */
export const RuleReply = Type.Object(
  {
    ...summary,
    meaning: Text,
    versions: Nullable(Type.String({ description: 'Of Kubernetes: >=1.20 <1.36' })),
    goVersions: Nullable(Type.String()),
    levels: Type.Array(
      Type.Object({ reads: Type.String(), level: Level, condition: Type.String() }, closed),
    ),
    remarks: Type.Array(Text),
    remedy: Type.Array(Text),
    next: Type.Array(
      Type.Object(
        { what: Text, kind: Type.Enum(['command', 'metric', 'log']), text: Type.String() },
        closed,
      ),
    ),
    sources: Type.Array(Type.String()),
    explains: Type.Array(Type.String()),
    confirmedBy: Type.Array(Type.String()),
    cases: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          fires: Nullable(Level),
          profiles: Type.Array(
            Type.Object({ reads: Type.String(), stacks: Type.String() }, closed),
          ),
        },
        closed,
      ),
    ),
    file: Type.String({ description: 'The YAML of the rule' }),
  },
  closed,
)
export type RuleReply = Static<typeof RuleReply>
