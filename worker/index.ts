export {
  type CaptureJudge,
  type CaptureJudgeNeeds,
  openCaptureJudge,
} from './jobs/capture-judge.ts'
export { openCaptureReporter } from './views/capture-reporter.ts'
export { CRASH_RULES } from './jobs/run-job.ts'
export { type DecoderPool } from './pool/decoder-pool.ts'
export { type DecodersOptions, openDecoders } from './pool/open-decoders.ts'
export { openWorker, type Worker, type WorkerNeeds } from './jobs/open-worker.ts'
export { furtherRulesOf, WorkerOptions } from './options.ts'
export { openViewComputer } from './views/view-computer.ts'
export { openRangeComputer } from './views/range-computer.ts'
export { openWorkerHistory } from './jobs/history-keeper.ts'
export { openTimeViewComputer } from './views/time-view-computer.ts'
export { openTraceSummariser } from './views/trace-summariser.ts'
export { makeWorkerMetrics, type WorkerMetrics } from './worker-metrics.ts'
