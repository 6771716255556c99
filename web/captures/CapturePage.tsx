import { Button, Skeleton } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { CaptureSummary, Finding } from '../../api/index.ts'
import { Findings } from '../findings/Findings.tsx'
import {
  cancelCapture,
  captureQuery,
  captureReportQuery,
  deleteCapture,
  fetchTrace,
  isBeingTaken,
  isChanging,
  pinCapture,
} from '../requests/capture-queries.ts'
import { ShareButton } from '../share/ShareButton.tsx'
import { useCanOperate } from '../session/use-can-operate.ts'
import { ConfirmButton } from '../ui/ConfirmButton.tsx'
import { PageFailure } from '../ui/PageFailure.tsx'
import { PinButton } from '../lists/PinButton.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { CaptureExport } from './CaptureExport.tsx'
import { CaptureHeader } from './CaptureHeader.tsx'
import classes from './CapturePage.module.css'
import { CaptureParts } from './CaptureParts.tsx'
import { mainProfileOf } from './main-profile.ts'
import { NearestCapture } from './NearestCapture.tsx'
import { TakeAgainButton } from './TakeAgainButton.tsx'
import { TraceSection } from './TraceSection.tsx'
import { useCaptureEvents } from './use-capture-events.ts'

/** One capture: its progress, findings and parts. */
export function CapturePage() {
  const { id } = useParams({ from: '/captures/$id' })
  const texts = useTexts()
  const { data: capture, error, refetch } = useQuery(captureQuery(id))
  useCaptureEvents(id, capture !== undefined && isChanging(capture))
  if (capture !== undefined) return <KnownCapture capture={capture} />
  if (error === null) return <Skeleton height={180} radius="md" />
  return (
    <PageFailure
      error={error}
      unknown={{ title: texts.captureUnknownTitle, lead: texts.captureUnknownLead }}
      failed={texts.captureNotLoaded}
      onRetry={() => void refetch()}
    >
      <Link to="/captures">{texts.capturesTitle}</Link>
    </PageFailure>
  )
}

function KnownCapture({ capture }: { readonly capture: CaptureSummary }) {
  const { texts, language } = useLanguage()
  const { data: report } = useQuery({
    ...captureReportQuery(capture.id, language),
    enabled: capture.reportStatus === 'ready',
  })
  const isRunning = isBeingTaken(capture)
  return (
    <div className={`page ${classes['page']}`}>
      <CaptureHeader capture={capture}>
        <CaptureActions capture={capture} />
      </CaptureHeader>
      {isUnnamed(capture) && <p className="muted">{texts.captureUnnamed}</p>}
      <NearestCapture capture={capture} />
      {!isRunning && <CaptureFindings capture={capture} />}
      <section aria-labelledby="parts">
        <h2 id="parts" className={classes['heading']}>
          {isRunning ? texts.captureProgress : texts.captureContents}
        </h2>
        <CaptureParts capture={capture} findings={report?.findings ?? []} />
      </section>
      <TraceSection capture={capture} load={(signal) => fetchTrace(capture.id, signal)} />
    </div>
  )
}

function CaptureFindings({ capture }: { readonly capture: CaptureSummary }) {
  const { texts, language } = useLanguage()
  const navigate = useNavigate()
  const show = useCallback(
    ({ rule, profile }: Finding) => {
      const id = capture.parts.find(({ kind }) => kind === profile)?.profileId
      if (id === undefined || id === null) return
      void navigate({
        to: '/profiles/$id',
        params: { id },
        search: { view: 'flame', finding: rule },
      })
    },
    [capture.parts, navigate],
  )
  const isReady = capture.reportStatus === 'ready'
  const { data, error, refetch } = useQuery({
    ...captureReportQuery(capture.id, language),
    enabled: isReady,
  })
  if (capture.profileIds.length === 0) return <p className="muted">{texts.captureNoProfiles}</p>
  if (error !== null) {
    return (
      <RequestFailure title={texts.reportFailed} error={error} onRetry={() => void refetch()} />
    )
  }
  if (data !== undefined) {
    return (
      <Findings
        report={data}
        marked=""
        onMark={show}
        opensAs="whole"
        quietLead={texts.captureQuietLead}
      />
    )
  }
  return (
    <div className={`card ${classes['waiting']}`} role="status">
      {texts.captureReportWaits}
    </div>
  )
}

function CaptureActions({ capture }: { readonly capture: CaptureSummary }) {
  const texts = useTexts()
  const canOperate = useCanOperate()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const cancelling = useMutation({
    mutationFn: () => cancelCapture(capture.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['capture', capture.id] }),
  })
  const deletion = useMutation({
    mutationFn: () => deleteCapture(capture.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['captures'] })
      await navigate({ to: '/captures' })
    },
  })
  const error = cancelling.error ?? deletion.error
  const shared = isChanging(capture) ? null : mainProfileOf(capture)
  return (
    <>
      {error !== null && <RequestFailure title={texts.actionFailed} error={error} />}
      {canOperate && isBeingTaken(capture) && (
        <Button
          size="compact-md"
          variant="default"
          loading={cancelling.isPending}
          onClick={() => cancelling.mutate()}
        >
          {texts.captureCancel}
        </Button>
      )}
      {canOperate && canTakeAgain(capture) && <TakeAgainButton capture={capture} />}
      {shared !== null && (
        <ShareButton subject={{ profileId: shared, captureId: capture.id }} view="" />
      )}
      {canOperate && !isBeingTaken(capture) && (
        <PinButton
          pinnedAt={capture.pinnedAt}
          onPin={(isPinned) => pinCapture(capture.id, isPinned)}
          queryKey={['capture', capture.id]}
        />
      )}
      {!isBeingTaken(capture) && <CaptureExport capture={capture} />}
      {canOperate && !isBeingTaken(capture) && (
        <ConfirmButton
          text={texts.captureDelete}
          confirmText={texts.captureDeleteSure}
          isPending={deletion.isPending}
          onConfirm={() => deletion.mutate()}
        />
      )}
    </>
  )
}

/** Whether the server took it, or tried to, and did not get all of it. */
function canTakeAgain({ status, origin }: CaptureSummary): boolean {
  const isUnfinished = status === 'failed' || status === 'partial' || status === 'cancelled'
  return isUnfinished && origin !== 'upload' && origin !== 'command'
}

/** Whether it was sent without the name of its process: it is in neither the fleet nor the history of findings. */
function isUnnamed({ origin, target, instance }: CaptureSummary): boolean {
  return (origin === 'upload' || origin === 'command') && target === null && instance === null
}
