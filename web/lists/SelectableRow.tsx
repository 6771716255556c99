import { Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import rows from './Rows.module.css'
import classes from './SelectableRow.module.css'

interface SelectableRowProps {
  /** Names the checkbox. */
  readonly label: string
  readonly isSelected: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
}

/** A row of a list with a checkbox in front. */
export function SelectableRow({ label, isSelected, onToggle, children }: SelectableRowProps) {
  return (
    <li className={rows['selectable']}>
      <label className={classes['box']} title={label}>
        <Checkbox
          size="xs"
          radius="xs"
          aria-label={label}
          checked={isSelected}
          onChange={onToggle}
        />
      </label>
      {children}
    </li>
  )
}
