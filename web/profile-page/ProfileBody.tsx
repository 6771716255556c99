import { Skeleton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Finding, ProfileSummary } from '../../api/index.ts'
import { ActionsProvider } from '../actions/ActionsProvider.tsx'
import { useActionContext } from '../actions/use-action-context.ts'
import { Findings } from '../findings/Findings.tsx'
import { ReportRemarks } from '../findings/ReportRemarks.tsx'
import { focusChart } from '../flame/focus-chart.ts'
import { columnsPath, type ProfileSource, rawApiPath } from '../paths.ts'
import { reportQuery } from '../requests/profile-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useLanguage } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import { useViewClient } from '../view-parts/use-view-client.ts'
import { ViewsPanel } from '../views/ViewsPanel.tsx'
import classes from './ProfileBody.module.css'

interface ProfileBodyProps {
  readonly source: ProfileSource
  readonly profile: ProfileSummary
  readonly state: ViewState
  readonly update: UpdateViewState
  /** True where the address names a view, which then is what the page opens with. */
  readonly hasView: boolean
  /** False where the page shows the findings itself. */
  readonly hasFindings?: boolean
  /** False for a link that does not show the report. */
  readonly hasReport?: boolean
}

/** As `Findings.module.css` has it. */
const NARROW = '(max-width: 600px)'

/**
 * The content of an analysed profile: the report, then the views. On a phone what is not a finding comes last, so that the
 * picture is in sight.
 */
export const ProfileBody = memo(function ProfileBody(props: ProfileBodyProps) {
  const { source, profile, state, update } = props
  const { texts, language } = useLanguage()
  const hasReport = props.hasReport !== false
  const reading = useQuery({ ...reportQuery(source, language), enabled: hasReport })
  const { data: report, error, refetch } = reading
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false })
  const { sampleType, filters } = state
  const opened = useViewClient(columnsPath(source), null, { sampleType, filters })
  const [isFolded] = useState(props.hasView)
  const isSettled = report !== undefined || error !== null || !hasReport
  const viewsElement = useScrollOnce(isFolded && isSettled && opened.client !== null)
  const mark = useCallback(
    (finding: Finding) => {
      update({ finding: finding.rule, view: 'flame', zoom: '', search: '', selected: '' })
      if (viewsElement.current !== null) goToViews(viewsElement.current)
    },
    [update, viewsElement],
  )
  const marked = useMemo(
    () => report?.findings.find(({ rule }) => rule === state.finding) ?? null,
    [report, state.finding],
  )
  const context = useActionContext({
    state,
    versions: { kubernetes: profile.kubernetesVersion, go: profile.goVersion },
    rawUrl: source.kind === 'profile' ? location.origin + rawApiPath(source.id) : null,
    client: opened.client,
  })
  return (
    <ActionsProvider context={context} update={update}>
      <div className={classes['body']}>
        {report !== undefined && props.hasFindings !== false && (
          <Findings
            report={report}
            marked={state.finding}
            onMark={mark}
            opensAs={isFolded ? 'closed' : 'brief'}
            isEmpty={profile.sampleTypes.every(({ total }) => total === 0)}
            hasRemarks={!isNarrow}
          />
        )}
        {!isSettled && <Skeleton height={48} radius="md" />}
        {error !== null && (
          <RequestFailure title={texts.reportFailed} error={error} onRetry={() => void refetch()} />
        )}
        <div className={classes['rest']} data-first={isFolded}>
          <div ref={viewsElement} className={classes['views']} tabIndex={-1} data-views="">
            <ViewsPanel opened={opened} state={state} update={update} marked={marked} />
          </div>
          {report !== undefined && props.hasFindings !== false && isNarrow && (
            <ReportRemarks report={report} isOpen={false} />
          )}
        </div>
      </div>
    </ActionsProvider>
  )
})

/**
 * The keyboard goes where the reader is taken, else the next Tab scrolls back. A page whose frame this is keeps its place
 * and the keyboard: its reader may be elsewhere. `scrollIntoView` would scroll that page too.
 */
function goToViews(views: HTMLElement): void {
  const marginPx = Number.parseFloat(getComputedStyle(views).scrollMarginTop)
  window.scrollBy(0, views.getBoundingClientRect().top - marginPx)
  if (window.parent !== window && !document.hasFocus()) return
  const chart = views.querySelector<HTMLElement>('[data-flame]')
  if (chart === null) views.focus({ preventScroll: true })
  else focusChart(chart)
}

/** Goes to the element once, when what stands above it has its height, unless the reader types already. */
function useScrollOnce(isReady: boolean) {
  const element = useRef<HTMLDivElement>(null)
  const isDone = useRef(false)
  useEffect(() => {
    if (!isReady || isDone.current) return
    isDone.current = true
    // In the next frame, which lays the page out anyway.
    requestAnimationFrame(() => {
      if (element.current === null || document.activeElement instanceof HTMLInputElement) return
      goToViews(element.current)
    })
  }, [isReady])
  return element
}
