import type { CaptureFailure, ClaimedJudgement, Store } from '../../store/index.ts'
import type { DecoderTask } from '../pool/decoder-task.ts'
import type { JobDeath, JobKind } from './run-job.ts'

const DEATHS: Readonly<Record<JobDeath, string>> = {
  oom: 'Judging the capture exceeded the memory limit of a decoder.',
  timeout: 'Judging the capture exceeded the time limit of a decoder.',
  crash: 'Judging the capture made the decoder crash.',
  start: 'The decoder did not start.',
}

/** Judges one capture as a whole. */
export function judgementJob(
  judgements: Store['judgements'],
): JobKind<ClaimedJudgement, DecoderTask<'judge'>, CaptureFailure> {
  return {
    name: 'judge',
    jobs: judgements,
    taskOf: ({ component, address, files, earlier, baseline }) => ({
      kind: 'judge',
      component,
      address,
      files,
      earlier,
      baseline,
    }),
    failureOf: ({ code, message }) => ({ code, message }),
    failureOfDeath: (reason) => ({ code: 'CAPTURE_FAILED', message: DEATHS[reason] }),
    logFieldsOf: ({ id }) => ({ captureId: id }),
    messages: {
      ended: 'capture judged',
      putOff: 'capture judgement postponed',
      died: 'a decoder process died while judging a capture',
    },
  }
}
