import { gunzip, unzstd } from '../gzip/browser.ts'
import { inflateTraceWith } from './inflate-trace-with.ts'
import { type CaptureContents, type CaptureFile, readCaptureWith } from './capture-contents.ts'

/** What judges files in a browser, as `index.ts` does in Node. */
export type { CaptureContents, CaptureFile } from './capture-contents.ts'
export { requestsOfCapture } from './count-requests.ts'
export { describeCaptureFile } from './describe-capture-file.ts'
export { describedProcess, type DescribedProcess, NOT_DESCRIBED } from './described-process.ts'
export { judgeCapture, processFacts } from './judge-capture.ts'
export { inferTypeOf, type Judged, judgeProfile, type NamedSource } from './judge-profile.ts'
export { toAppError } from './to-app-error.ts'

/** Reads what of a capture can be judged, by pako and fzstd. */
export function readCapture(files: readonly CaptureFile[]): Promise<CaptureContents> {
  return readCaptureWith({ gunzip, unzstd }, files)
}

/** The bytes of an execution trace, gzipped or not. Throws a ProfileFormatError. */
export function inflateTrace(bytes: Uint8Array): Uint8Array {
  return inflateTraceWith(gunzip, bytes)
}
