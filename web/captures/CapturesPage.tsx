import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { capturesQuery } from '../requests/capture-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FilteredPage } from '../lists/FilteredPage.tsx'
import classes from '../lists/FilteredPage.module.css'
import { ListFacets } from '../lists/ListFacets.tsx'
import { orderOf } from '../lists/row-times.ts'
import { PagedList } from '../lists/PagedList.tsx'
import { TimeFields } from '../lists/TimeFields.tsx'
import { useListFilter } from '../view-state/use-list-filter.ts'
import { CaptureTable } from './CaptureTable.tsx'

const FILTERS = ['level', 'status', 'cluster', 'component', 'target']

/** Captures, newest first, with their worst findings. */
export function CapturesPage() {
  const texts = useTexts()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const { names, params, filter, change } = useListFilter(FILTERS)
  const query = useInfiniteQuery(capturesQuery(filter))
  return (
    <FilteredPage
      title={texts.capturesTitle}
      lead={texts.capturesLead}
      facets={<ListFacets list="captures" {...{ names, filter, params }} onChange={change} />}
    >
      <div className={classes['bar']}>
        <TimeFields params={params} onChange={change} />
      </div>
      <PagedList
        query={query}
        rows={query.data?.pages.flatMap(({ items }) => items)}
        skeletonPx={180}
        failed={texts.capturesFailed}
        more={texts.capturesMore}
        empty={
          <p className={`card ${classes['empty']}`}>
            {Object.keys(filter).length > 0 ? texts.capturesNone : texts.capturesEmpty}
          </p>
        }
      >
        {(captures) => (
          <CaptureTable {...{ captures, chosen }} order={orderOf(filter)} onChoose={setChosen} />
        )}
      </PagedList>
    </FilteredPage>
  )
}
