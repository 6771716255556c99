import type { QueueOptions } from '../../../queue/index.ts'
import type { Settings } from '../../settings/settings.ts'

/** The queue is in the database of the rows unless it has one of its own. */
export function queueOptions({ queue, store }: Settings): QueueOptions {
  return { ...queue, postgresUrl: queue.postgresUrl || store.postgresUrl }
}
