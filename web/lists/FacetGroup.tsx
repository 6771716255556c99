import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './FacetGroup.module.css'

const SHOWN_MAX = 8

export interface FacetValue {
  /** `''` stands for rows without a value. */
  readonly value: string
  readonly label: string
  /** `null` where it was not counted. */
  readonly count: number | null
}

interface FacetGroupProps {
  readonly title: string
  readonly values: readonly FacetValue[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** The values that a list has of one kind, with counts; any number of them may be chosen. */
export function FacetGroup({ title, values, chosen, onChange }: FacetGroupProps) {
  const texts = useTexts()
  const [isWhole, setIsWhole] = useState(false)
  const missing = chosen.filter((value) => !values.some((one) => one.value === value))
  const all = [...values, ...missing.map((value) => ({ value, label: value, count: null }))]
  if (all.length === 0) return null
  const shown = isWhole ? all : all.slice(0, SHOWN_MAX)
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value])
  return (
    <fieldset className={classes['group']}>
      <legend className={classes['title']}>{title}</legend>
      {shown.map(({ value, label, count }) => (
        <UnstyledButton
          key={value}
          className={classes['value'] ?? ''}
          aria-pressed={chosen.includes(value)}
          onClick={() => toggle(value)}
        >
          <span className={classes['label']}>
            <UntrustedText text={label === '' ? texts.facetNone : label} />
          </span>
          <span className={`numbers ${classes['count']}`}>
            {count === null ? '' : formatCount(count)}
          </span>
        </UnstyledButton>
      ))}
      {all.length > shown.length && (
        <UnstyledButton className={classes['more'] ?? ''} onClick={() => setIsWhole(true)}>
          {texts.facetMore(all.length - shown.length)}
        </UnstyledButton>
      )}
    </fieldset>
  )
}
