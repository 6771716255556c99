import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { capturesQuery } from '../requests/capture-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { CaptureFilters } from './CaptureFilters.tsx'
import { readCaptureFilter } from './capture-filter.ts'
import classes from './CapturesPage.module.css'
import { CaptureTable } from './CaptureTable.tsx'

/** Captures, newest first, with their worst findings. */
export function CapturesPage() {
  const texts = useTexts()
  usePageTitle(texts.capturesTitle)
  const params = useSearch({ from: '/captures' })
  const navigate = useNavigate()
  const [openedAtMs] = useState(() => Date.now())
  const [chosen, setChosen] = useState<readonly string[]>([])
  const filter = readCaptureFilter(params, openedAtMs)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    capturesQuery(filter),
  )
  const captures = data?.pages.flatMap(({ items }) => items)
  const isFiltered = Object.keys(filter).length > 0
  return (
    <div className={`page ${classes['page']}`}>
      <header>
        <h1 className="page-title">{texts.capturesTitle}</h1>
        <p className="muted">{texts.capturesLead}</p>
      </header>
      <CaptureFilters
        params={params}
        captures={captures ?? []}
        onChange={(search) => void navigate({ to: '/captures', search, replace: true })}
      />
      {captures === undefined && error === null && <Skeleton height={180} radius="md" />}
      {error !== null && (
        <RequestFailure title={texts.capturesFailed} error={error} onRetry={() => void refetch()} />
      )}
      {captures?.length === 0 && (
        <p className={`card ${classes['empty']}`}>
          {isFiltered ? texts.capturesNone : texts.capturesEmpty}
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
  )
}
