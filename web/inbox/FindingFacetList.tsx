import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { FindingFacets } from '../../api/index.ts'
import { findingFacetsQuery, type FindingFilters } from '../requests/finding-queries.ts'
import { rulesQuery } from '../requests/rule-queries.ts'
import type { Texts } from '../texts/en.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { FacetBox } from '../lists/FacetBox.tsx'
import { FacetGroup } from '../lists/FacetGroup.tsx'
import type { SearchParams } from '../view-state/search-params.ts'
import { levelText } from '../ui/LevelMark.tsx'
import { type Facet, FACETS, withFacet } from './finding-filters.ts'

/** What the list can be narrowed to. */
export function FindingFacetList({ filters }: { readonly filters: FindingFilters }) {
  const { texts, language } = useLanguage()
  const params = useSearch({ from: '/findings' })
  const navigate = useNavigate()
  const { data } = useQuery(findingFacetsQuery(filters))
  const { data: rules } = useQuery(rulesQuery())
  const ruleTitles = new Map((rules?.items ?? []).map(({ id, title }) => [id, title[language]]))
  // The back button undoes a choice.
  const go = (search: SearchParams) =>
    void navigate({ to: '/findings', search, resetScroll: false })
  return (
    <FacetBox count={Object.keys(params).length} onClear={() => go({})}>
      {FACETS.map((facet) => (
        <FacetGroup
          key={facet}
          title={titleOf(facet, texts)}
          values={data?.[facet]}
          isCut={false}
          known={knownOf(facet, texts)}
          labelOf={(value) => labelOf(facet, value, { texts, ruleTitles })}
          chosen={filters[facet] ?? []}
          onChange={(chosen) => go(withFacet(params, facet, chosen))}
        />
      ))}
    </FacetBox>
  )
}

/** All values of a facet; null where it may have any. */
function knownOf(facet: Facet, texts: Texts): readonly string[] | null {
  if (facet === 'state') return Object.keys(texts.findingStates)
  return facet === 'level' ? ['critical', 'warning'] : null
}

function titleOf(facet: keyof FindingFacets, texts: Texts): string {
  const titles = {
    state: texts.facetState,
    level: texts.facetLevel,
    rule: texts.facetRule,
    cluster: texts.facetCluster,
    component: texts.facetComponent,
    target: texts.facetTarget,
  }
  return titles[facet]
}

interface Labels {
  readonly texts: Texts
  readonly ruleTitles: ReadonlyMap<string, string>
}

function labelOf(facet: Facet, value: string, { texts, ruleTitles }: Labels): string {
  if (facet === 'rule') return ruleTitles.get(value) ?? value
  if (facet === 'level' && (value === 'info' || value === 'warning' || value === 'critical')) {
    return levelText(value, texts)
  }
  if (facet !== 'state') return value
  const states: Readonly<Record<string, string>> = texts.findingStates
  return states[value] ?? value
}
