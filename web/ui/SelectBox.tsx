import classes from './SelectBox.module.css'

interface SelectBoxProps {
  readonly label: string
  readonly isSelected: boolean
  readonly onToggle: () => void
}

/** A checkbox in front of a row. */
export function SelectBox({ label, isSelected, onToggle }: SelectBoxProps) {
  return (
    <label className={classes['box']} title={label}>
      <input type="checkbox" aria-label={label} checked={isSelected} onChange={onToggle} />
    </label>
  )
}
