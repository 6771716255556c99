import type { CaptureFailure, ClaimedJudgement, Store } from '../../store/index.ts'
import type { DecoderTask } from '../pool/decoder-task.ts'
import type { JobDeath, JobKind } from './run-job.ts'

const DEATHS: Readonly<Record<JobDeath, string>> = {
  oom: 'Judging the capture took more memory than a decoder may have.',
  timeout: 'Judging the capture took longer than a decoder may take.',
  crash: 'Judging the capture made the decoder crash.',
  start: 'The decoder did not start.',
}

/** Judges all of one capture together. */
export function judgementJob(
  judgements: Store['judgements'],
): JobKind<ClaimedJudgement, DecoderTask<'judge'>, CaptureFailure> {
  return {
    jobs: judgements,
    taskOf: ({ component, files, earlier }) => ({ kind: 'judge', component, files, earlier }),
    failureOf: ({ code, message }) => ({ code, message }),
    failureOfDeath: (reason) => ({ code: 'CAPTURE_FAILED', message: DEATHS[reason] }),
    logFieldsOf: ({ id }) => ({ captureId: id }),
    messages: {
      ended: 'capture judged',
      putOff: 'judging a capture put off',
      died: 'a decoder process died of a capture',
    },
  }
}
