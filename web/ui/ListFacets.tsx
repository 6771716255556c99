import { useQuery } from '@tanstack/react-query'
import { listFacetsQuery } from '../requests/list-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import type { SearchParams } from '../view-state/search-params.ts'
import { FacetBox } from './FacetBox.tsx'
import { FacetGroup } from './FacetGroup.tsx'

interface ListFacetsProps {
  readonly list: 'profiles' | 'captures'
  /** In their order on the page. */
  readonly names: readonly string[]
  /** The filters as parameters of the API. */
  readonly filter: SearchParams
  readonly params: SearchParams
  readonly onChange: (params: SearchParams) => void
}

/** The values of each filter with how many rows have them; one of each may be chosen. */
export function ListFacets({ list, names, filter, params, onChange }: ListFacetsProps) {
  const texts = useTexts()
  const { data } = useQuery(listFacetsQuery(list, filter))
  const titles: Readonly<Record<string, string>> = {
    target: texts.facetTarget,
    component: texts.facetComponent,
    cluster: texts.facetCluster,
    type: texts.rangeType,
    status: texts.facetState,
  }
  const states: Readonly<Record<string, string>> = {
    ...texts.captureStatus,
    ...texts.profileStatus,
  }
  const choose = (name: string, chosen: readonly string[]) => {
    const { [name]: _, ...others } = params
    const value = chosen.at(-1)
    onChange(value === undefined ? others : { ...others, [name]: value })
  }
  return (
    <FacetBox count={Object.keys(params).length} onClear={() => onChange({})}>
      {names.map((name) => (
        <FacetGroup
          key={name}
          title={titles[name] ?? name}
          values={(data?.[name] ?? []).map(({ value, count }) => ({
            value: value ?? '',
            label: name === 'status' ? (states[value ?? ''] ?? value ?? '') : (value ?? ''),
            count,
          }))}
          chosen={params[name] === undefined ? [] : [params[name]]}
          onChange={(chosen) => choose(name, chosen)}
        />
      ))}
    </FacetBox>
  )
}
