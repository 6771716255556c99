export { addToBaseline, openBaseline, type PackedBaseline } from './baseline.ts'
export { readAnalysisVersions } from './analysis-versions.ts'
export {
  type CaptureContents,
  type CaptureFault,
  type CaptureFile,
  previousOf,
  readCapture,
} from './capture-contents.ts'
export { describeCaptureFile } from './describe-capture-file.ts'
export { inflateTrace } from './inflate-trace.ts'
export { captureFacts, captureInputs, judgeCapture } from './judge-capture.ts'
export { inferTypeOf, judgeProfile } from './judge-profile.ts'
export {
  BUILT_IN_RULES,
  type LoadedRules,
  type UnlocatedFault,
  describeFault,
  loadRuleFiles,
  loadRules,
  locateFaults,
  readDocuments,
  readRules,
  rulesIn,
} from './load-rules.ts'
export { refuseHead, toAppError } from './profile-refusal.ts'
export { readBundle } from './read-bundle.ts'
export { processesIn, type ProcessFiles } from './process-files.ts'
