import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { capturesQuery } from '../requests/capture-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import classes from '../ui/FilteredPage.module.css'
import { ListFacets } from '../ui/ListFacets.tsx'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { TimeFields } from '../ui/TimeFields.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { readListFilter } from '../view-state/list-filter.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { CaptureTable } from './CaptureTable.tsx'

const FILTERS = ['status', 'cluster', 'component', 'target']

/** Captures, newest first, with their worst findings. */
export function CapturesPage() {
  const texts = useTexts()
  usePageTitle(texts.capturesTitle)
  const params: SearchParams = useSearch({ from: '/captures' })
  const navigate = useNavigate()
  const [openedAtMs] = useState(() => Date.now())
  const [chosen, setChosen] = useState<readonly string[]>([])
  const filter = readListFilter(params, FILTERS, openedAtMs)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    capturesQuery(filter),
  )
  const captures = data?.pages.flatMap(({ items }) => items)
  const change = (search: SearchParams) => void navigate({ to: '/captures', search, replace: true })
  return (
    <div className={`page ${classes['page']}`}>
      <header>
        <h1 className="page-title">{texts.capturesTitle}</h1>
        <p className="muted">{texts.capturesLead}</p>
      </header>
      <div className={classes['columns']}>
        <ListFacets list="captures" names={FILTERS} {...{ filter, params }} onChange={change} />
        <div className={classes['main']}>
          <div className={classes['bar']}>
            <TimeFields params={params} onChange={change} />
          </div>
          {captures === undefined && error === null && <Skeleton height={180} radius="md" />}
          {error !== null && (
            <RequestFailure
              title={texts.capturesFailed}
              error={error}
              onRetry={() => void refetch()}
            />
          )}
          {captures?.length === 0 && (
            <p className={`card ${classes['empty']}`}>
              {Object.keys(filter).length > 0 ? texts.capturesNone : texts.capturesEmpty}
            </p>
          )}
          {captures !== undefined && captures.length > 0 && (
            <CaptureTable captures={captures} chosen={chosen} onChoose={setChosen} />
          )}
          {hasNextPage && (
            <Button
              size="compact-md"
              variant="default"
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {texts.capturesMore}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}
