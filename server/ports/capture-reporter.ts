import type { Language, Report } from '../../api/index.ts'

/** The report of a capture as a whole. */
export interface CaptureReporter {
  /**
   * The report. A due capture is judged now. Throws CAPTURE_NOT_FOUND, CAPTURE_NOT_READY, or the
   * failure of the capture, such as CAPTURE_FAILED.
   */
  reportOf(captureId: string, language: Language): Promise<Report>
}
