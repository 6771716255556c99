import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CaptureSummary } from '../../api/index.ts'
import { targetsQuery } from '../requests/target-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { TimeFields } from '../ui/TimeFields.tsx'
import type { SearchParams } from '../view-state/search-params.ts'
import classes from './CaptureFilters.module.css'

const STATUSES = ['waiting', 'running', 'complete', 'partial', 'failed', 'cancelled'] as const

interface CaptureFiltersProps {
  readonly params: SearchParams
  /** Those shown, whose names can be chosen. */
  readonly captures: readonly CaptureSummary[]
  readonly onChange: (params: SearchParams) => void
}

/** Narrows the list by target, component, status and time. All of it is in the address. */
export function CaptureFilters({ params, captures, onChange }: CaptureFiltersProps) {
  const texts = useTexts()
  const { data } = useQuery(targetsQuery())
  const known = data?.items ?? []
  const targets = [...captures.map(({ target }) => target), ...known.map(({ name }) => name)]
  const processes = known.flatMap((target) => target.processes)
  const components = [...captures, ...processes].map(({ component }) => component)
  const set = (name: string, value: string) => {
    const { [name]: _, ...others } = params
    onChange(value === '' ? others : { ...others, [name]: value })
  }
  const select = (name: string, label: string, options: readonly (string | null)[]) => (
    <NativeSelect
      size="xs"
      label={label}
      value={params[name] ?? ''}
      data={[{ value: '', label: texts.filterAll }, ...namesIn(options, params[name])]}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  )
  return (
    <form className={classes['filters']} onSubmit={(event) => event.preventDefault()}>
      {select('target', texts.facetTarget, targets)}
      {select('component', texts.facetComponent, components)}
      <NativeSelect
        size="xs"
        label={texts.facetState}
        value={params['status'] ?? ''}
        data={[
          { value: '', label: texts.filterAll },
          ...STATUSES.map((value) => ({ value, label: texts.captureStatus[value] })),
        ]}
        onChange={(event) => set('status', event.currentTarget.value)}
      />
      <TimeFields params={params} onChange={onChange} />
      {Object.keys(params).length > 0 && (
        <Button size="compact-sm" variant="subtle" onClick={() => onChange({})}>
          {texts.facetsClear}
        </Button>
      )}
    </form>
  )
}

/** Each name once, in order; the chosen one even where no row has it. */
function namesIn(names: readonly (string | null)[], chosen: string | undefined): string[] {
  const all = [...names, chosen ?? null].filter((name) => name !== null && name !== '')
  return [...new Set(all)].flatMap((name) => name ?? []).toSorted()
}
