import { useInfiniteQuery } from '@tanstack/react-query'
import { profilesQuery } from '../requests/list-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FilteredPage } from '../lists/FilteredPage.tsx'
import classes from '../lists/FilteredPage.module.css'
import { ListFacets } from '../lists/ListFacets.tsx'
import { orderOf } from '../lists/row-times.ts'
import { PagedList } from '../lists/PagedList.tsx'
import { TimeFields } from '../lists/TimeFields.tsx'
import { useListFilter } from '../view-state/use-list-filter.ts'
import { ProfileTable } from './ProfileTable.tsx'

const FILTERS = ['level', 'status', 'type', 'cluster', 'component', 'target']

/** Profiles, newest first, with their worst findings. */
export function ProfilesPage() {
  const texts = useTexts()
  const { names, params, filter, change } = useListFilter(FILTERS)
  const query = useInfiniteQuery(profilesQuery(filter))
  return (
    <FilteredPage
      title={texts.profilesTitle}
      lead={texts.profilesLead}
      facets={<ListFacets list="profiles" {...{ names, filter, params }} onChange={change} />}
    >
      <div className={classes['bar']}>
        <TimeFields params={params} onChange={change} />
      </div>
      <PagedList
        query={query}
        rows={query.data?.pages.flatMap(({ items }) => items)}
        skeletonPx={240}
        failed={texts.recentFailed}
        more={texts.profilesMore}
        empty={
          <p className={`card ${classes['empty']}`}>
            {Object.keys(filter).length > 0 ? texts.profilesNone : texts.profilesEmpty}
          </p>
        }
      >
        {(profiles) => <ProfileTable profiles={profiles} order={orderOf(filter)} />}
      </PagedList>
    </FilteredPage>
  )
}
