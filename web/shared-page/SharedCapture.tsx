import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { CaptureSummary, Finding } from '../../api/index.ts'
import { CaptureHeader } from '../captures/CaptureHeader.tsx'
import { Findings } from '../findings/Findings.tsx'
import { sharedCaptureReportQuery } from '../requests/profile-queries.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from './SharedPage.module.css'

interface SharedCaptureProps {
  readonly token: string
  readonly capture: CaptureSummary
}

/** What a shared capture is, and its findings; those of its main profile can be shown in the views below. */
export function SharedCapture({ token, capture }: SharedCaptureProps) {
  const { texts, language } = useLanguage()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery(sharedCaptureReportQuery(token, language))
  const mark = ({ rule }: Finding) =>
    void navigate({ to: '.', search: { view: 'flame', finding: rule }, resetScroll: false })
  return (
    <div className={classes['capture']}>
      <CaptureHeader capture={capture} />
      {data === undefined && error === null && <Skeleton height={120} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.reportFailed} error={error} onRetry={() => void refetch()} />
      )}
      {data !== undefined && (
        <Findings
          report={data}
          marked=""
          onMark={mark}
          opensAs="whole"
          quietLead={texts.captureQuietLead}
        />
      )}
    </div>
  )
}
