import { UnstyledButton } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import classes from './FacetBox.module.css'
import { ChevronIcon } from '../ui/icons.tsx'
import { useKeptFocus } from './use-kept-focus.ts'

interface FacetBoxProps {
  /** How many filters are in use. */
  readonly count: number
  readonly onClear: () => void
  /** Said below the values. */
  readonly note?: string | undefined
  readonly children: ReactNode
}

/** What a list can be narrowed to. On a narrow screen it opens on demand. */
export function FacetBox({ count, onClear, note, children }: FacetBoxProps) {
  const texts = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  const box = useKeptFocus()
  return (
    <section ref={box} aria-label={texts.facets} className={classes['box']}>
      <UnstyledButton
        className={classes['toggle'] ?? ''}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <ChevronIcon isDown={isOpen} /> {texts.facets}{' '}
        {count > 0 && <span className="muted">{count}</span>}
      </UnstyledButton>
      <div className={classes['groups']} data-open={isOpen}>
        {children}
        {note !== undefined && <p className={`muted ${classes['note']}`}>{note}</p>}
        {count > 0 && (
          <UnstyledButton className={classes['clear'] ?? ''} onClick={onClear}>
            {texts.facetsClear}
          </UnstyledButton>
        )}
      </div>
    </section>
  )
}
