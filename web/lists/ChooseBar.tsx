import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import classes from './ChooseBar.module.css'

interface ChooseBarProps {
  /** The rows of the list. */
  readonly ids: readonly string[]
  /** Those of them that are chosen. */
  readonly chosen: readonly string[]
  readonly onChoose: (ids: readonly string[]) => void
  /** What can be done with them. */
  readonly children: ReactNode
}

/** Chooses all rows of a list, and holds what can be done with the chosen ones. */
export function ChooseBar({ ids, chosen, onChoose, children }: ChooseBarProps) {
  const texts = useTexts()
  return (
    <div className={classes['bar']}>
      <Checkbox
        size="xs"
        radius="xs"
        label={chosen.length === 0 ? texts.chooseAll : texts.chosenCount(chosen.length)}
        checked={chosen.length > 0 && chosen.length === ids.length}
        indeterminate={chosen.length > 0 && chosen.length < ids.length}
        onChange={() => onChoose(chosen.length === ids.length ? [] : ids)}
      />
      {chosen.length > 0 && children}
    </div>
  )
}
