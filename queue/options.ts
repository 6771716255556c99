import { Type, type Static } from 'typebox'

export const QueueOptions = Type.Object(
  {
    kind: Type.Enum(['in-process', 'bullmq', 'bullmq-postgres'], {
      default: 'in-process',
      description:
        'How workers are notified of uploads: within one process, or by BullMQ on Redis or on Postgres. It may be wiped at any time.',
    }),
    redisUrl: Type.String({
      writeOnly: true,
      default: 'redis://127.0.0.1:6379',
      pattern: '^rediss?://',
      description: 'Where Redis is, for `kind: bullmq`.',
    }),
    postgresUrl: Type.String({
      default: '',
      description:
        'Where Postgres is, for `kind: bullmq-postgres`; empty for the database of `store.postgresUrl`. Give it as a file where it holds a password.',
    }),
    name: Type.String({
      default: 'kubeprof',
      pattern: '^[a-z0-9-]{1,50}$',
      description:
        'The name of the queue in Redis or Postgres, so that several installations can share one.',
    }),
  },
  { additionalProperties: false },
)
export type QueueOptions = Static<typeof QueueOptions>
