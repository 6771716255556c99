import { Button } from '@mantine/core'
import { useTexts } from '../texts/texts-context.ts'
import classes from './SelectionBar.module.css'

interface SelectionBarProps {
  /** In the order in which they were selected. */
  readonly selected: readonly string[]
  readonly onCompare: (first: string, second: string) => void
  readonly onClear: () => void
}

/** What can be done with the selected rows of a list. */
export function SelectionBar({ selected, onCompare, onClear }: SelectionBarProps) {
  const texts = useTexts()
  const [first, second] = selected
  if (first === undefined) return null
  return (
    <div className={classes['bar']} role="status">
      <span className="numbers">{texts.compareSelected(selected.length)}</span>
      <Button
        size="compact-sm"
        disabled={second === undefined}
        onClick={() => second !== undefined && onCompare(first, second)}
      >
        {texts.compareStart}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
        {texts.compareClear}
      </Button>
    </div>
  )
}
