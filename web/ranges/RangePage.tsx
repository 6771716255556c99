import { ActionIcon, Skeleton, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import { rangeLabelsQuery } from '../requests/range-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RefreshIcon } from '../ui/icons.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import type { ChangeParams } from '../view-state/use-list-filter.ts'
import { type UpdateViewState, useViewState } from '../view-state/use-view-state.ts'
import type { ViewState } from '../view-state/view-state.ts'
import { RangeBar } from './RangeBar.tsx'
import { RangeCompare } from './RangeCompare.tsx'
import { RangeExport } from './RangeExport.tsx'
import classes from './RangePage.module.css'
import { RANGE_PARAMS, type RangeState, readRange } from './range-state.ts'
import { RangeEmpty } from './RangeFailure.tsx'
import { RangeFleet } from './RangeFleet.tsx'
import { RangeSummaryLine } from './RangeSummaryLine.tsx'
import { RangeTrend } from './RangeTrend.tsx'
import { RangeViews } from './RangeViews.tsx'

const NO_VIEW: SearchParams = {}

/** Any profiles of one type over any time: their values over time, and all of them as one profile. */
export function RangePage() {
  const texts = useTexts()
  usePageTitle(texts.rangesTitle)
  const params: SearchParams = useSearch({ from: '/ranges' })
  const navigate = useNavigate()
  const [nowMs, setNowMs] = useState(() => Date.now())
  const range = useMemo(() => readRange(params, nowMs), [params, nowMs])
  const [state, update] = useViewState(NO_VIEW, RANGE_PARAMS)
  const change = useCallback<ChangeParams>(
    (search, options) =>
      void navigate({
        to: '/ranges',
        search,
        replace: options?.replaces === true,
        resetScroll: false,
      }),
    [navigate],
  )
  return (
    <div className={`page ${classes['page']}`} data-wide="">
      <header className={classes['header']}>
        <div>
          <h1 className="page-title">{texts.rangesTitle}</h1>
          <p className="muted">{texts.rangesLead}</p>
        </div>
        <div className={classes['actions']}>
          <Tooltip label={texts.rangeRefresh}>
            <ActionIcon
              size={30}
              variant="default"
              aria-label={texts.rangeRefresh}
              onClick={() => setNowMs(Date.now())}
            >
              <RefreshIcon />
            </ActionIcon>
          </Tooltip>
          <RangeExport range={range} state={state} />
        </div>
      </header>
      <RangeBar params={params} range={range} onChange={change} />
      <RangeContent {...{ params, range, state, update, change }} />
    </div>
  )
}

interface RangeContentProps {
  readonly params: SearchParams
  readonly range: RangeState
  readonly state: ViewState
  readonly update: UpdateViewState
  readonly change: ChangeParams
}

/** Nothing is asked of a range whose type has no profiles at any time: they have a label at least, their type. */
function RangeContent({ params, range, state, update, change }: RangeContentProps) {
  const { data: labels, isPending } = useQuery(rangeLabelsQuery(range.type))
  if (isPending) return <Skeleton height={244} radius="md" />
  if (labels?.items.length === 0) return <RangeEmpty />
  return (
    <>
      <RangeTrend params={params} range={range} selected={state.selected} onChange={change} />
      {range.by !== '' && (
        <RangeFleet
          range={range}
          selected={state.selected}
          onSelector={(selector) => change({ ...params, selector })}
        />
      )}
      <RangeSummaryLine range={range} />
      {range.before === null ? (
        <RangeViews range={range} state={state} update={update} />
      ) : (
        <RangeCompare range={range} before={range.before} />
      )}
    </>
  )
}
