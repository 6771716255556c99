import { openInProcessQueue } from './in-process-queue.ts'
import type { QueueOptions } from './options.ts'
import type { Queue } from './queue.ts'

/** Opens the queue that the settings name. BullMQ is loaded only when it is asked for. */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  if (options.kind === 'in-process') return openInProcessQueue()
  if (options.kind === 'bullmq') return (await import('./redis-server.ts')).openRedisQueue(options)
  return (await import('./postgres-server.ts')).openPostgresQueue(options)
}
