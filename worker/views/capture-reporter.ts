import { AppError, isErrorCode, type Language, type Report } from '../../api/index.ts'
import type { CaptureStore } from '../../store/index.ts'
import type { CaptureJudge } from '../jobs/capture-judge.ts'

export interface CaptureReporterNeeds {
  readonly captures: Pick<CaptureStore, 'find' | 'findReport'>
  readonly judge: Pick<CaptureJudge, 'judge'>
}

/** Reads reports of captures. Judges a due capture at once when its report is requested. */
export function openCaptureReporter({ captures, judge }: CaptureReporterNeeds) {
  return {
    async reportOf(captureId: string, language: Language): Promise<Report> {
      const known = await captures.findReport(captureId, language)
      if (known !== null) return known
      if ((await captures.find(captureId))?.reportStatus === 'waiting') await judge.judge(captureId)
      const report = await captures.findReport(captureId, language)
      if (report !== null) return report
      const capture = await captures.find(captureId)
      if (capture === null) throw new AppError('CAPTURE_NOT_FOUND')
      const { reportStatus, reportFailure, error, status } = capture
      if (reportStatus === 'waiting') {
        throw new AppError('CAPTURE_NOT_READY', { details: { status }, retryAfterSeconds: 1 })
      }
      const failure = reportFailure ?? error
      const code = failure !== null && isErrorCode(failure.code) ? failure.code : 'CAPTURE_FAILED'
      throw new AppError(reportFailure === null ? 'CAPTURE_FAILED' : code, {
        ...(failure === null ? {} : { message: failure.message }),
        details: { captureId, status },
      })
    },
  }
}
