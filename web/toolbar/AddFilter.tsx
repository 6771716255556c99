import { Button, NativeSelect, Popover, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Preset } from '../actions/presets.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FilterIcon } from '../ui/icons.tsx'
import { FILTER_KINDS, type FilterKind, type FilterStep } from '../view-state/filters.ts'
import classes from './FilterBar.module.css'

interface AddFilterProps {
  readonly presets: readonly Preset[]
  readonly onAdd: (step: FilterStep) => void
}

/** A form for a filter of one's own, and the presets that match something. */
export function AddFilter({ presets, onAdd }: AddFilterProps) {
  const texts = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  const [kind, setKind] = useState<FilterKind>('f')
  const [pattern, setPattern] = useState('')
  const add = (step: FilterStep) => {
    onAdd(step)
    setPattern('')
    setIsOpen(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (pattern !== '') add({ kind, pattern })
  }
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
      <Popover.Dropdown aria-label={texts.filterAdd}>
        <form className={classes['form']} onSubmit={submit}>
          <NativeSelect
            size="xs"
            aria-label={texts.filterAdd}
            value={kind}
            data={FILTER_KINDS.map((value) => ({ value, label: texts.filters[value] }))}
            onChange={(event) => {
              const chosen = event.currentTarget.value
              setKind(FILTER_KINDS.find((known) => known === chosen) ?? 'f')
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
          <p className={classes['hint']}>{texts.filterHints[kind]}</p>
          <Button type="submit" size="xs">
            {texts.filterApply}
          </Button>
        </form>
        {presets.length > 0 && (
          <div className={classes['presets']}>
            <span className={classes['hint']}>{texts.presets}</span>
            {presets.map(({ id, title, step }) => (
              <Button key={id} size="compact-xs" variant="light" onClick={() => add(step)}>
                {title(texts)}
              </Button>
            ))}
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
