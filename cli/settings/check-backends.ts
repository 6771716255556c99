import { CommandError } from '../terminal/command-error.ts'
import type { Settings } from './settings.ts'

/** Throws a CommandError where a backend is chosen without the setting that says where it is. */
export function checkBackends({ store, blobs, queue, history }: Settings): void {
  if (store.kind === 'postgres' && store.postgresUrl === '') {
    throw lacking('store.kind is postgres', 'store.postgresUrl (KUBEPROF_STORE_POSTGRES_URL)')
  }
  if (blobs.kind === 's3' && blobs.s3Bucket === '') {
    throw lacking('blobs.kind is s3', 'blobs.s3Bucket (KUBEPROF_BLOBS_S3_BUCKET)')
  }
  if (queue.kind === 'bullmq-postgres' && queue.postgresUrl === '' && store.postgresUrl === '') {
    throw lacking(
      'queue.kind is bullmq-postgres',
      'queue.postgresUrl (KUBEPROF_QUEUE_POSTGRES_URL)',
    )
  }
  if (history.kind === 'clickhouse' && history.clickhouseUrl === '') {
    throw lacking(
      'history.kind is clickhouse',
      'history.clickhouseUrl (KUBEPROF_HISTORY_CLICKHOUSE_URL)',
    )
  }
}

function lacking(choice: string, need: string): CommandError {
  return new CommandError(`${choice}: set ${need} too; see docs/config.md`)
}
