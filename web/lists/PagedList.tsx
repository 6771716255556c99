import { Button, Skeleton } from '@mantine/core'
import type { ReactNode } from 'react'
import { RequestFailure } from '../ui/RequestFailure.tsx'

interface PagedListProps<Row> {
  /** The request whose pages hold the rows. */
  readonly query: {
    readonly error: Error | null
    readonly refetch: () => Promise<unknown>
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => Promise<unknown>
  }
  /** Of all pages so far; `undefined` before the first. */
  readonly rows: readonly Row[] | undefined
  readonly skeletonPx: number
  /** The title of a failure. */
  readonly failed: string
  /** What is shown where there is no row. */
  readonly empty: ReactNode
  /** The text of the button for the next page. */
  readonly more: string
  readonly children: (rows: readonly Row[]) => ReactNode
}

/** The rows of a list that arrives in pages, or why there are none. */
export function PagedList<Row>(props: PagedListProps<Row>) {
  const { query, rows, skeletonPx, failed, empty, more, children } = props
  return (
    <>
      {rows === undefined && query.error === null && <Skeleton height={skeletonPx} radius="md" />}
      {query.error !== null && (
        <RequestFailure title={failed} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {rows?.length === 0 && empty}
      {rows !== undefined && rows.length > 0 && children(rows)}
      {query.hasNextPage && (
        <Button
          size="compact-md"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {more}
        </Button>
      )}
    </>
  )
}
