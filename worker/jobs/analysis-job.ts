import type { AppError } from '../../api/index.ts'
import type { BlobStore, ClaimedAnalysis, ProfileFailure, Store } from '../../store/index.ts'
import type { DecoderTask } from '../pool/decoder-task.ts'
import type { WorkerMetrics } from '../worker-metrics.ts'
import type { JobDeath, JobKind } from './run-job.ts'

const DEATHS: Readonly<Record<JobDeath, string>> = {
  oom: 'Reading the profile exceeded the memory limit of a decoder.',
  timeout: 'Reading the profile exceeded the time limit of a decoder.',
  crash: 'Reading the profile made the decoder crash.',
  start: 'The decoder did not start.',
}

/** Reads and judges one profile. */
export function analysisJob(
  analyses: Store['analyses'],
  blobs: Pick<BlobStore, 'delete'>,
  metrics: Pick<WorkerMetrics, 'observeInflateRatio'>,
): JobKind<ClaimedAnalysis, DecoderTask<'analyse'>, ProfileFailure> {
  return {
    name: 'analyse',
    jobs: analyses,
    taskOf: ({ rawBlobKey, source, earlier, baseline }) => ({
      kind: 'analyse',
      rawBlobKey,
      source,
      earlier,
      baseline,
    }),
    failureOf,
    failureOfDeath: (reason) => ({
      code: 'PROFILE_QUARANTINED',
      message: DEATHS[reason],
      reason,
      offsetBytes: null,
    }),
    onResult: ({ inflateRatio }) => metrics.observeInflateRatio(inflateRatio),
    discard: async ({ columns }) => {
      if (columns !== null) await blobs.delete(columns.key)
    },
    logFieldsOf: ({ profileId }) => ({ profileId }),
    messages: {
      ended: 'analysed',
      putOff: 'analysis postponed',
      died: 'a decoder process died',
    },
  }
}

function failureOf({ code, message, details }: AppError): ProfileFailure {
  const reason = details?.['reason']
  const offsetBytes = details?.['offsetBytes']
  return {
    code,
    message,
    reason: typeof reason === 'string' ? reason : null,
    offsetBytes: typeof offsetBytes === 'number' ? offsetBytes : null,
  }
}
