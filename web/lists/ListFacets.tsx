import { useQuery } from '@tanstack/react-query'
import { PROFILE_KINDS } from '../../api/profiles/profile-kinds.ts'
import { listFacetsQuery } from '../requests/list-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { isUncounted } from '../view-state/use-list-filter.ts'
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
    instance: texts.facetInstance,
    type: texts.rangeType,
    status: texts.facetState,
    level: texts.facetLevel,
  }
  const labels: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    status: list === 'captures' ? texts.captureStatus : texts.profileStatus,
    level: {
      critical: texts.levelCritical,
      warning: texts.levelWarning,
      info: texts.levelInfo,
    },
  }
  const choose = (name: string, chosen: readonly string[]) => {
    const { [name]: _, ...others } = params
    const value = chosen.at(-1)
    onChange(value === undefined ? others : { ...others, [name]: value })
  }
  return (
    <FacetBox
      count={Object.keys(params).length}
      onClear={() => onChange({})}
      note={data?.isCut === true ? texts.facetsCut : undefined}
    >
      {names.map((name) => (
        <FacetGroup
          key={name}
          title={titles[name] ?? name}
          values={data === undefined || isUncounted(name) ? undefined : (data.values[name] ?? [])}
          isCut={data?.isCut === true}
          known={name === 'type' ? TYPES : keysOf(labels[name])}
          labelOf={(value) => labels[name]?.[value] ?? value}
          chosen={params[name] === undefined ? [] : [params[name]]}
          onChange={(chosen) => choose(name, chosen)}
        />
      ))}
    </FacetBox>
  )
}

const TYPES = [...PROFILE_KINDS, 'unknown']

function keysOf(labels: Readonly<Record<string, string>> | undefined): readonly string[] | null {
  return labels === undefined ? null : Object.keys(labels)
}
