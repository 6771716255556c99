import { ActionIcon, Menu, TextInput, Tooltip, UnstyledButton } from '@mantine/core'
import { type DragEvent, useState } from 'react'
import { presetOf } from '../actions/presets.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CloseIcon } from '../ui/icons.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { type FilterStep, negated } from '../view-state/filters.ts'
import classes from './FilterBar.module.css'

interface FilterChipProps {
  readonly step: FilterStep
  readonly row: number
  readonly rowCount: number
  /** Whether its pattern is no regular expression. */
  readonly isInvalid: boolean
  /** Called with `null` to remove it. */
  readonly onChange: (step: FilterStep | null) => void
  readonly onMove: (from: number, to: number) => void
}

const DRAG_TYPE = 'application/x-kubeprof-filter'

/** One filter: a menu to edit, negate, switch off and move it, and a button to remove it. It can be dragged. */
export function FilterChip(props: FilterChipProps) {
  const { step, row, isInvalid, onChange, onMove } = props
  const texts = useTexts()
  const [isEdited, setIsEdited] = useState(false)
  const kind = texts.filters[step.kind]
  const isOff = step.isOff === true
  const drop = (event: DragEvent) => {
    const from = event.dataTransfer.getData(DRAG_TYPE)
    if (from === '') return
    event.preventDefault()
    onMove(Number(from), row)
  }
  return (
    <span
      className={classes['chip']}
      data-off={isOff}
      data-invalid={isInvalid}
      draggable={!isEdited}
      onDragStart={(event) => event.dataTransfer.setData(DRAG_TYPE, String(row))}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAG_TYPE)) event.preventDefault()
      }}
      onDrop={drop}
    >
      {isEdited ? (
        <PatternEditor
          label={kind}
          pattern={step.pattern}
          onEnd={(pattern) => {
            setIsEdited(false)
            if (pattern !== '' && pattern !== step.pattern) onChange({ ...step, pattern })
          }}
        />
      ) : (
        <ChipMenu {...props} onEdit={() => setIsEdited(true)} />
      )}
      <RemoveButton label={texts.filterRemove(kind)} onClick={() => onChange(null)} />
    </span>
  )
}

interface ChipMenuProps extends FilterChipProps {
  readonly onEdit: () => void
}

function ChipMenu(props: ChipMenuProps) {
  const { step, row, rowCount, isInvalid, onChange, onMove, onEdit } = props
  const texts = useTexts()
  const kind = texts.filters[step.kind]
  const opposite = negated(step)
  const preset = presetOf(step)
  const { isOff, ...switchedOn } = step
  return (
    <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <UnstyledButton className={classes['label'] ?? ''}>
          <span className="visually-hidden">{texts.filterMenu}</span>
          {preset === null && <span className="muted">{kind}</span>}
          <span className={preset === null ? `mono ${classes['text']}` : classes['text']}>
            {preset === null ? <UntrustedText text={step.pattern} /> : preset.title(texts)}
          </span>
          {isOff === true && <span className="muted">({texts.filterOff})</span>}
          {isInvalid && <span className={classes['invalid']}>{texts.filterNotRegex}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onEdit}>{texts.filterEdit}</Menu.Item>
        {opposite !== null && (
          <Menu.Item onClick={() => onChange(opposite)}>
            {texts.filterNegate(texts.filters[opposite.kind])}
          </Menu.Item>
        )}
        <Menu.Item onClick={() => onChange(isOff === true ? switchedOn : { ...step, isOff: true })}>
          {isOff === true ? texts.filterSwitchOn : texts.filterSwitchOff}
        </Menu.Item>
        {rowCount > 1 && (
          <>
            <Menu.Item disabled={row === 0} onClick={() => onMove(row, row - 1)}>
              {texts.filterEarlier}
            </Menu.Item>
            <Menu.Item disabled={row === rowCount - 1} onClick={() => onMove(row, row + 1)}>
              {texts.filterLater}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

interface PatternEditorProps {
  readonly label: string
  readonly pattern: string
  readonly onEnd: (pattern: string) => void
}

function PatternEditor({ label, pattern, onEnd }: PatternEditorProps) {
  const [text, setText] = useState(pattern)
  return (
    <TextInput
      size="xs"
      autoFocus
      aria-label={label}
      className={classes['editor'] ?? ''}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => onEnd(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnd(text)
        if (event.key === 'Escape') onEnd(pattern)
      }}
    />
  )
}

interface NoteChipProps {
  readonly text: string
  readonly hint?: string
  readonly isMark?: boolean
  readonly removeLabel: string
  readonly onRemove: () => void
}

/** Something that is on without being a filter. */
export function NoteChip({ text, hint, isMark, removeLabel, onRemove }: NoteChipProps) {
  const label = (
    <span className={classes['text']}>
      <UntrustedText text={text} />
    </span>
  )
  return (
    <span className={classes['chip']} data-mark={isMark === true} data-note="">
      {hint === undefined ? (
        label
      ) : (
        <Tooltip label={hint} multiline w={320}>
          {label}
        </Tooltip>
      )}
      <RemoveButton label={removeLabel} onClick={onRemove} />
    </span>
  )
}

function RemoveButton(props: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={props.label}
        className={classes['remove'] ?? ''}
        onClick={props.onClick}
      >
        <CloseIcon size={11} />
      </ActionIcon>
    </Tooltip>
  )
}
