import { ActionIcon, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { FACET_VALUES_MAX } from '../../api/facet-values.ts'
import { formatCount } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CloseIcon } from '../ui/icons.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import classes from './FacetGroup.module.css'
import { OtherValue } from './OtherValue.tsx'

const SHOWN_MAX = 8

interface FacetValue {
  /** `null` for rows without a value; an address has `''` for it. */
  readonly value: string | null
  readonly count: number
}

interface FacetGroupProps {
  readonly title: string
  /** Those of most rows first, where there is no fixed set of them; `undefined` while they are not known. */
  readonly values: readonly FacetValue[] | undefined
  /** True where only some of the rows were looked at. */
  readonly isCut: boolean
  /** All values that there are; `null` where a value is any text. */
  readonly known: readonly string[] | null
  readonly labelOf: (value: string) => string
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** The values that a list has of one kind, with counts; any number of them may be chosen. */
export function FacetGroup(props: FacetGroupProps) {
  const { title, isCut, known, labelOf, chosen, onChange } = props
  const texts = useTexts()
  const [isWhole, setIsWhole] = useState(false)
  const counted = (props.values ?? []).map(({ value, count }) => ({ value: value ?? '', count }))
  const hasMost = counted.length >= FACET_VALUES_MAX
  const isComplete = props.values !== undefined && !hasMost && !isCut
  const uncounted = chosen.filter((value) => !counted.some((one) => one.value === value))
  const absent = isComplete ? uncounted.filter((value) => known?.includes(value) === true) : []
  const values = inOrder([...counted, ...absent.map((value) => ({ value, count: 0 }))], known)
  const unlisted = uncounted.filter((value) => !absent.includes(value))
  if (values.length + unlisted.length === 0) return null
  const isShown = ({ value }: FacetValue, row: number) =>
    isWhole || row < SHOWN_MAX || chosen.includes(value ?? '')
  const shown = values.filter(isShown)
  const remove = (value: string) => onChange(chosen.filter((one) => one !== value))
  const add = (value: string) => onChange([...chosen.filter((one) => one !== value), value])
  const nameOf = (value: string) => (value === '' ? texts.facetNone : labelOf(value))
  return (
    <fieldset className={classes['group']}>
      <legend className={classes['title']}>{title}</legend>
      {unlisted.map((value) => (
        <ChosenValue
          key={value}
          name={nameOf(value)}
          isMatchless={isComplete}
          onRemove={() => remove(value)}
        />
      ))}
      {shown.map(({ value, count }) => (
        <UnstyledButton
          key={value}
          className={classes['value'] ?? ''}
          aria-pressed={chosen.includes(value)}
          onClick={() => (chosen.includes(value) ? remove(value) : add(value))}
        >
          <span className={classes['label']} title={visibleText(nameOf(value))}>
            <UntrustedText text={nameOf(value)} />
          </span>
          <span className={`numbers ${classes['count']}`}>{formatCount(count)}</span>
        </UnstyledButton>
      ))}
      {values.length > shown.length && (
        <UnstyledButton className={classes['more'] ?? ''} onClick={() => setIsWhole(true)}>
          {texts.facetMore(values.length - shown.length)}
        </UnstyledButton>
      )}
      {hasMost && <p className={classes['most']}>{texts.facetMost(FACET_VALUES_MAX)}</p>}
      {known === null && (hasMost || isCut) && <OtherValue title={title} onAdd={add} />}
    </fieldset>
  )
}

/** Values of a fixed set keep their places, whatever their counts. */
function inOrder<Value extends FacetValue>(
  values: readonly Value[],
  known: readonly string[] | null,
): readonly Value[] {
  if (known === null) return values
  const placeOf = ({ value }: Value) => {
    const place = known.indexOf(value ?? '')
    return place < 0 ? known.length : place
  }
  return values.toSorted((a, b) => placeOf(a) - placeOf(b))
}

interface ChosenValueProps {
  readonly name: string
  readonly isMatchless: boolean
  readonly onRemove: () => void
}

/** A value of the address that is not among those that the list has, or of which that is not known. */
function ChosenValue({ name, isMatchless, onRemove }: ChosenValueProps) {
  const texts = useTexts()
  return (
    <span className={classes['chosen']} data-matchless={isMatchless}>
      <span className={classes['label']} title={visibleText(name)}>
        <UntrustedText text={name} />
      </span>
      {isMatchless && <span className={classes['note']}>{texts.facetMatchless}</span>}
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={texts.facetRemove(visibleText(name))}
        onClick={onRemove}
      >
        <CloseIcon size={11} />
      </ActionIcon>
    </span>
  )
}
