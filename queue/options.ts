import { Type, type Static } from 'typebox'

export const QueueOptions = Type.Object(
  {
    kind: Type.Enum(['in-process', 'bullmq'], {
      default: 'in-process',
      description:
        'How workers are notified of uploads: within one process, or by BullMQ on Redis. Redis may be wiped at any time.',
    }),
    redisUrl: Type.String({
      writeOnly: true,
      default: 'redis://127.0.0.1:6379',
      pattern: '^rediss?://',
      description: 'Where Redis is, for `kind: bullmq`.',
    }),
    name: Type.String({
      default: 'kubeprof',
      pattern: '^[a-z0-9-]{1,50}$',
      description: 'The name of the queue in Redis, so that several installations can share one.',
    }),
  },
  { additionalProperties: false },
)
export type QueueOptions = Static<typeof QueueOptions>
