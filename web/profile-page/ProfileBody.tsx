import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useRef } from 'react'
import type { Finding } from '../../api/index.ts'
import { Findings } from '../findings/Findings.tsx'
import type { ProfileSource } from '../paths.ts'
import { reportQuery } from '../requests/profile-queries.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { useLanguage } from '../texts/texts-context.ts'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import { ViewsPanel } from '../views/ViewsPanel.tsx'
import classes from './ProfileBody.module.css'

interface ProfileBodyProps {
  readonly source: ProfileSource
  readonly state: ViewState
  readonly update: UpdateViewState
}

/** The content of an analysed profile: the report, then the views. */
export function ProfileBody({ source, state, update }: ProfileBodyProps) {
  const { texts, language } = useLanguage()
  const { data: report, error, refetch } = useQuery(reportQuery(source, language))
  const viewsElement = useRef<HTMLDivElement>(null)
  const mark = useCallback(
    (finding: Finding) => {
      update({ finding: finding.rule, view: 'flame', zoom: '', search: '', selected: '' })
      viewsElement.current?.scrollIntoView({ block: 'start' })
    },
    [update],
  )
  const marked = useMemo(
    () => report?.findings.find(({ rule }) => rule === state.finding) ?? null,
    [report, state.finding],
  )
  return (
    <div className={classes['body']}>
      {report !== undefined && <Findings report={report} marked={state.finding} onMark={mark} />}
      {report === undefined && error === null && <Skeleton height={180} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.reportFailed} error={error} onRetry={() => void refetch()} />
      )}
      <div ref={viewsElement} className={classes['views']}>
        <ViewsPanel source={source} state={state} update={update} marked={marked} />
      </div>
    </div>
  )
}
