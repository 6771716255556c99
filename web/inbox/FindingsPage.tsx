import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import {
  findingFacetsQuery,
  type FindingFilters,
  findingsQuery,
} from '../requests/finding-queries.ts'
import { useCanOperate } from '../session/use-can-operate.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { FilteredPage } from '../lists/FilteredPage.tsx'
import classes from '../lists/FilteredPage.module.css'
import { PagedList } from '../lists/PagedList.tsx'
import rows from '../lists/Rows.module.css'
import { FindingFacetList } from './FindingFacetList.tsx'
import { readFilters } from './finding-filters.ts'
import { FindingRow } from './FindingRow.tsx'

/** The inbox: findings of all processes, worst first, and what to do with them. */
export function FindingsPage() {
  const { texts, language } = useLanguage()
  const canOperate = useCanOperate()
  const params = useSearch({ from: '/findings' })
  const filters = readFilters(params)
  const isNarrowed = Object.keys(params).length > 0
  const query = useInfiniteQuery(findingsQuery(filters, language))
  return (
    <FilteredPage
      title={texts.inboxTitle}
      lead={texts.findingsLead}
      facets={<FindingFacetList filters={filters} />}
    >
      {filters.level?.includes('info') === true && (
        <p className="muted">
          {texts.findingsInfo}{' '}
          <Link to="/profiles" search={{ level: 'info' }}>
            {texts.findingsInfoProfiles}
          </Link>
        </p>
      )}
      <PagedList
        query={query}
        rows={query.data?.pages.flatMap(({ items }) => items)}
        skeletonPx={240}
        failed={texts.findingsFailed}
        more={texts.findingsMore}
        empty={<NoFindings filters={filters} isNarrowed={isNarrowed} />}
      >
        {(findings) => (
          <ul className={`card ${rows['list']}`}>
            {findings.map((finding) => (
              <FindingRow key={finding.id} finding={finding} canOperate={canOperate} />
            ))}
          </ul>
        )}
      </PagedList>
    </FilteredPage>
  )
}

interface NoFindingsProps {
  readonly filters: FindingFilters
  readonly isNarrowed: boolean
}

/** Why the list is empty: by its filters, because all are looked after, or because there are none at all. */
function NoFindings({ filters, isNarrowed }: NoFindingsProps) {
  const texts = useTexts()
  const { data: facets } = useQuery(findingFacetsQuery(filters))
  const hasOthers = facets?.state.some(({ count }) => count > 0) === true
  const title = hasOthers ? texts.findingsNoneOpen : texts.findingsNoneYet
  return (
    <div className={`card ${classes['empty']}`}>
      <p>
        <strong>{isNarrowed ? texts.findingsNone : title}</strong>
      </p>
      {!isNarrowed && (
        <p className="muted">{hasOthers ? texts.findingsNoneOpenLead : texts.findingsEmptyLead}</p>
      )}
      {isNarrowed && (
        <p>
          <Link to="/findings" search={{}}>
            {texts.facetsClear}
          </Link>
        </p>
      )}
      {!isNarrowed && !hasOthers && <Link to="/targets">{texts.navTargets}</Link>}
    </div>
  )
}
