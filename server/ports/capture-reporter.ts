import type { Language, Report } from '../../api/index.ts'

/** The report of a capture as a whole. */
export interface CaptureReporter {
  /**
   * The report, judged now if it is due and nobody has judged it yet. Throws CAPTURE_NOT_FOUND, CAPTURE_NOT_READY, or
   * CAPTURE_FAILED and its kin.
   */
  reportOf(captureId: string, language: Language): Promise<Report>
}
