import { Button } from '@mantine/core'
import { memo } from 'react'
import type { Preset } from '../actions/presets.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerText } from '../untrusted/ServerMessage.tsx'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import {
  type Filters,
  type FilterStep,
  moveFilter,
  replaceFilter,
  withFilter,
} from '../view-state/filters.ts'
import type { InvalidPattern } from '../view-worker/view-messages.ts'
import { AddFilter } from './AddFilter.tsx'
import { FilterChip, NoteChip } from './FilterChip.tsx'
import classes from './FilterBar.module.css'

interface FilterBarProps {
  readonly filters: Filters
  readonly update: UpdateViewState
  /** What the views mark; `null` for nothing. */
  readonly markedTitle: string | null
  /** Whether the flame graph leaves out a long filter chain by itself. */
  readonly isChainHidden: boolean
  readonly presets: readonly Preset[]
  /** Why the filters do not apply; `null` where they do. */
  readonly error: InvalidPattern | null
  /** Whether earlier filters apply then; else none does. */
  readonly isEarlier: boolean
}

/** The filters of the profile in the order in which they apply, and ways to add one. */
export const FilterBar = memo(function FilterBar(props: FilterBarProps) {
  const { filters, update, markedTitle, error } = props
  const texts = useTexts()
  const set = (next: Filters) => update({ filters: next })
  const used = new Set(filters.map(({ pattern }) => pattern))
  return (
    <>
      <AddFilter
        presets={props.presets.filter(({ step }) => !used.has(step.pattern))}
        onAdd={(step) => set(withFilter(filters, step))}
      />
      {filters.map((step, row) => (
        <FilterChip
          key={`${step.kind} ${step.pattern}`}
          step={step}
          row={row}
          rowCount={filters.length}
          isInvalid={error !== null && isPatternOf(step, error.pattern)}
          onChange={(next) => set(replaceFilter(filters, row, next))}
          onMove={(from, to) => set(moveFilter(filters, from, to))}
        />
      ))}
      {props.isChainHidden && (
        <NoteChip
          text={texts.chainHidden}
          hint={texts.chainHiddenHint}
          removeLabel={texts.chainShow}
          onRemove={() => update({ chain: 'shown' })}
        />
      )}
      {markedTitle !== null && (
        <NoteChip
          isMark
          text={texts.markedBy(markedTitle)}
          removeLabel={texts.unmark}
          onRemove={() => update({ finding: '' })}
        />
      )}
      {filters.length > 1 && (
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => set([])}>
          {texts.filterReset}
        </Button>
      )}
      {error !== null && (
        <p className={classes['error']} role="alert">
          <ServerText text={error.message} />{' '}
          <span className="muted">
            {props.isEarlier ? texts.filterInvalid : texts.filterInvalidAll}
          </span>
        </p>
      )}
    </>
  )
})

/** A filter of tags has a pattern in each of its parts. */
function isPatternOf({ kind, pattern }: FilterStep, invalid: string): boolean {
  return kind === 'tf' || kind === 'ti' ? pattern.includes(invalid) : pattern === invalid
}
