import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { findingsQuery } from '../requests/finding-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { RequestFailure } from '../ui/RequestFailure.tsx'
import classes from '../ui/FilteredPage.module.css'
import rows from '../ui/Rows.module.css'
import { usePageTitle } from '../ui/use-page-title.ts'
import { FindingFacetList } from './FindingFacetList.tsx'
import { readFilters } from './finding-filters.ts'
import { FindingRow } from './FindingRow.tsx'

/** The inbox: findings of all processes, worst first, and what to do with them. */
export function FindingsPage() {
  const { texts, language } = useLanguage()
  usePageTitle(texts.inboxTitle)
  const canOperate = useCanOperate()
  const filters = readFilters(useSearch({ from: '/findings' }))
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    findingsQuery(filters, language),
  )
  const findings = data?.pages.flatMap(({ items }) => items)
  return (
    <div className={`page ${classes['page']}`}>
      <header>
        <h1 className="page-title">{texts.inboxTitle}</h1>
        <p className="muted">{texts.findingsLead}</p>
      </header>
      <div className={classes['columns']}>
        <FindingFacetList filters={filters} />
        <div className={classes['main']}>
          {findings === undefined && error === null && <Skeleton height={240} radius="md" />}
          {error !== null && (
            <RequestFailure
              title={texts.findingsFailed}
              error={error}
              onRetry={() => void refetch()}
            />
          )}
          {findings?.length === 0 && (
            <div className={`card ${classes['empty']}`}>
              <p>{texts.findingsNone}</p>
              <p className="muted">{texts.findingsEmptyLead}</p>
            </div>
          )}
          {findings !== undefined && findings.length > 0 && (
            <ul className={`card ${rows['list']}`}>
              {findings.map((finding) => (
                <FindingRow key={finding.id} finding={finding} canOperate={canOperate} />
              ))}
            </ul>
          )}
          {hasNextPage && (
            <Button
              size="compact-md"
              variant="default"
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {texts.findingsMore}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}
