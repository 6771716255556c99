export type { Log } from './log.ts'
export * from './options.ts'
export type { BundleEntry } from './receive/bundle-entry.ts'
export {
  type CaptureFileDescription,
  type CaptureReceiver,
  type CaptureReceiverNeeds,
  openCaptureReceiver,
  type ReceivedCapture,
} from './receive/receive-capture.ts'
export type { UploadSource } from './receive/uploaded-capture.ts'
export { openFairShare } from './receive/fair-share.ts'
export {
  emptyProfile,
  openProfileReceiver,
  type ProfileReceiver,
  type ReceivedProfile,
  type ReceiverNeeds,
} from './receive/receive-profile.ts'
export * from './receive/wait-for-analysis.ts'
export { type AddressRules, addressRules, isCidr } from './reach/net/address-rules.ts'
export { type AccessRight, grantOf, rightText } from './reach/kube/access-right.ts'
export { type AccessCheck, checkAccess, type CheckOptions } from './reach/check-access.ts'
export type { Cluster } from './reach/kube/cluster.ts'
export type { Discovery } from './reach/discover/discovery.ts'
export type { ProcessAnswer, ProcessConnection, RequestLimits } from './reach/process-connection.ts'
export { openReach, type Reach, type ReachOptions } from './reach/reach.ts'
export * from './reach/target-spec.ts'
export * from './take/capture-outcome.ts'
export * from './take/capture-plan.ts'
export { capturesPerDay } from './schedule/captures-per-day.ts'
export { METRIC_NAMES } from './take/metric-names.ts'
export { type CaptureNeeds, takeCapture } from './take/take-capture.ts'
export { setVerbosity, type VerbosityRecords } from './take/verbosity.ts'
export { strandedVerbosities, verbosityFolder } from './take/verbosity-folder.ts'
export { type CollectMetrics, makeCollectMetrics } from './schedule/collect-metrics.ts'
export {
  type Collector,
  type CollectorNeeds,
  COST_WINDOW_MS,
  openCollector,
} from './schedule/collector.ts'
export { type AlertRules, fireAlerts } from './schedule/fire-alerts.ts'
export { nextSlotMs, slotGraceMs } from './schedule/next-slot.ts'
export { readTargetsFile, type TargetsPlan } from './targets/read-targets-file.ts'
export { faultText, type TargetsFileFault } from './targets/targets-file-fault.ts'
export { webTarget } from './targets/web-target.ts'
export { TargetsFile } from './targets/targets-file-schema.ts'
export { requestCaptures } from './request-captures.ts'
export { NO_TRACER, type SpanAttributes, type Tracer } from './tracer.ts'
