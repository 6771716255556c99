export { addToBaseline, openBaseline, type PackedBaseline } from './baseline.ts'
export { readAnalysisVersions } from './analysis-versions.ts'
export {
  type CaptureContents,
  type CaptureFault,
  type CaptureFile,
  previousOf,
} from './capture-contents.ts'
export { requestsOfCapture } from './count-requests.ts'
export { describedProcess, type DescribedProcess, NOT_DESCRIBED } from './described-process.ts'
export { describeCaptureFile } from './describe-capture-file.ts'
export { inflateTrace } from './inflate-trace.ts'
export { captureFacts, captureInputs, judgeCapture, processFacts } from './judge-capture.ts'
export { inferTypeOf, judgeProfile } from './judge-profile.ts'
export {
  BUILT_IN_RULES,
  builtInRuleImage,
  type LoadedRules,
  type UnlocatedFault,
  describeFault,
  loadRuleFiles,
  loadRules,
  pageOfRule,
  locateFaults,
  readDocuments,
  readRules,
  rulesIn,
} from './load-rules.ts'
export { refuseHead } from './profile-refusal.ts'
export { readCapture } from './read-capture.ts'
export { toAppError } from './to-app-error.ts'
export { readBundle } from './read-bundle.ts'
export { processesIn, type ProcessFiles } from './process-files.ts'
