import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PROFILE_KINDS } from '../../api/profiles/profile-kinds.ts'
import { rangeLabelsQuery } from '../requests/range-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import { TimeFields } from '../lists/TimeFields.tsx'
import type { SearchParams } from '../view-state/search-params.ts'
import type { ChangeParams } from '../view-state/use-list-filter.ts'
import classes from './RangePage.module.css'
import { type RangeState, USUAL_SPAN } from './range-state.ts'
import { SelectorFields } from './SelectorFields.tsx'

interface RangeBarProps {
  readonly params: SearchParams
  readonly range: RangeState
  readonly onChange: ChangeParams
}

/** Which profiles: their type, time and labels, and by which label they are told apart. */
export function RangeBar({ params, range, onChange }: RangeBarProps) {
  const texts = useTexts()
  const { data: labels } = useQuery(rangeLabelsQuery(range.type))
  const names = (labels?.items ?? []).map(({ name }) => name)
  const known = range.by === '' || names.includes(range.by) ? names : [...names, range.by]
  const set = (name: string, value: string) => {
    const { [name]: _, ...others } = params
    onChange(value === '' ? others : { ...others, [name]: value })
  }
  const changeType = (type: string) => {
    const { type: _, memory: __, si: ___, ...others } = params
    onChange(type === 'cpu' ? others : { ...others, type })
  }
  return (
    <form
      className={`card ${classes['bar']}`}
      aria-label={texts.rangeChoose}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className={classes['fields']}>
        <NativeSelect
          size="xs"
          label={texts.rangeType}
          value={range.type}
          data={[...PROFILE_KINDS]}
          onChange={(event) => changeType(event.currentTarget.value)}
        />
        {range.memory !== null && (
          <NativeSelect
            size="xs"
            label={texts.rangeMemory}
            value={range.memory}
            data={(['inuse', 'alloc'] as const).map((value) => ({
              value,
              label: texts.rangeMemories[value],
            }))}
            onChange={(event) => set('memory', event.currentTarget.value)}
          />
        )}
        <TimeFields params={params} onChange={onChange} usual={USUAL_SPAN} />
        <NativeSelect
          size="xs"
          label={texts.rangeBy}
          value={range.by}
          data={[
            { value: '', label: texts.rangeByNone },
            ...known.map((value) => ({ value, label: visibleText(value) })),
          ]}
          onChange={(event) => set('by', event.currentTarget.value)}
        />
      </div>
      <SelectorFields
        key={range.selector}
        selector={range.selector}
        type={range.type}
        names={names}
        onChange={(selector) => set('selector', selector)}
      />
      <OtherLabels params={params} range={range} names={names} onChange={onChange} />
    </form>
  )
}

/** What else the same time is compared with: one version with another, one cluster with another. */
function OtherLabels({
  params,
  range,
  names,
  onChange,
}: RangeBarProps & { readonly names: readonly string[] }) {
  const texts = useTexts()
  const { beforeQ, ...others } = params
  const end = () => {
    const { before: _, beforeTo: __, ...alone } = others
    onChange(alone)
  }
  if (beforeQ === undefined) {
    return (
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => onChange({ ...others, beforeQ: range.selector })}
        >
          {texts.rangeCompareLabels}
        </Button>
      </div>
    )
  }
  return (
    <div className={classes['other']} role="group" aria-label={texts.rangeComparedWith}>
      <span className="muted">{texts.rangeComparedWith}</span>
      <SelectorFields
        key={beforeQ}
        selector={beforeQ}
        type={range.type}
        names={names}
        onChange={(selector) => onChange({ ...others, beforeQ: selector })}
      />
      <Button size="compact-sm" variant="subtle" color="gray" onClick={end}>
        {texts.rangeCompareEnd}
      </Button>
    </div>
  )
}
