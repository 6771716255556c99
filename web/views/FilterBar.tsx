import { ActionIcon, Button, NativeSelect, Popover, TextInput } from '@mantine/core'
import { memo, useState } from 'react'
import { CloseIcon, FilterIcon } from '../ui/icons.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { UpdateViewState } from '../view-state/use-view-state.ts'
import { FILTER_KEYS, type FilterKey, type Filters } from '../view-state/view-state.ts'
import classes from './FilterBar.module.css'

interface FilterBarProps {
  readonly filters: Filters
  readonly update: UpdateViewState
  /** What the views mark; `null` for nothing. */
  readonly markedTitle: string | null
}

/** The filters of the profile, each with a button to remove it, and a field to add one. */
export const FilterBar = memo(function FilterBar(props: FilterBarProps) {
  const { filters, update, markedTitle } = props
  const texts = useTexts()
  const setFilter = (key: FilterKey, pattern: string) =>
    update({ filters: { ...filters, [key]: pattern } })
  return (
    <>
      <AddFilter onAdd={setFilter} />
      {FILTER_KEYS.filter((key) => filters[key] !== '').map((key) => (
        <Chip
          key={key}
          kind={texts.filters[key]}
          text={filters[key]}
          removeLabel={texts.filterRemove(texts.filters[key])}
          onRemove={() => setFilter(key, '')}
        />
      ))}
      {markedTitle !== null && (
        <Chip
          kind=""
          text={texts.markedBy(markedTitle)}
          removeLabel={texts.unmark}
          onRemove={() => update({ finding: '' })}
        />
      )}
    </>
  )
})

interface ChipProps {
  readonly kind: string
  readonly text: string
  readonly removeLabel: string
  readonly onRemove: () => void
}

function Chip({ kind, text, removeLabel, onRemove }: ChipProps) {
  return (
    <span className={classes['chip']} data-mark={kind === ''}>
      {kind !== '' && <span className="muted">{kind}</span>}
      <span className={classes['text']}>
        <UntrustedText text={text} />
      </span>
      <ActionIcon
        size="xs"
        variant="subtle"
        color="gray"
        aria-label={removeLabel}
        onClick={onRemove}
      >
        <CloseIcon size={11} />
      </ActionIcon>
    </span>
  )
}

function AddFilter(props: { readonly onAdd: (key: FilterKey, pattern: string) => void }) {
  const texts = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  const [key, setKey] = useState<FilterKey>('f')
  const [pattern, setPattern] = useState('')
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-start"
      shadow="md"
      trapFocus
      transitionProps={{ duration: 0 }}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<FilterIcon size={14} />}
          onClick={() => setIsOpen(!isOpen)}
        >
          {texts.filterAdd}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={classes['form']}
          onSubmit={(event) => {
            event.preventDefault()
            if (pattern === '') return
            props.onAdd(key, pattern)
            setPattern('')
            setIsOpen(false)
          }}
        >
          <NativeSelect
            size="xs"
            aria-label={texts.filterAdd}
            value={key}
            data={FILTER_KEYS.map((value) => ({ value, label: texts.filters[value] }))}
            onChange={(event) => {
              const chosen = event.currentTarget.value
              setKey(FILTER_KEYS.find((known) => known === chosen) ?? 'f')
            }}
          />
          <TextInput
            size="xs"
            data-autofocus
            aria-label={texts.filterPlaceholder}
            placeholder={texts.filterPlaceholder}
            value={pattern}
            onChange={(event) => setPattern(event.currentTarget.value)}
          />
          <p className={classes['hint']}>{texts.filterHints[key]}</p>
          <Button type="submit" size="xs">
            {texts.filterApply}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
