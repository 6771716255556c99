import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import {
  formatSelector,
  MATCH_OPERATORS,
  type Matcher,
  parseSelector,
  type Selector,
} from '../../api/ranges/selector.ts'
import { rangeValuesQuery } from '../requests/range-queries.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import { CloseIcon } from '../ui/icons.tsx'
import classes from './RangePage.module.css'

interface SelectorFieldsProps {
  readonly selector: string
  readonly type: string
  /** The labels that profiles of this type have. */
  readonly names: readonly string[]
  readonly onChange: (selector: string) => void
}

/** The matchers of a selector. One without a value is not applied yet. */
export function SelectorFields({ selector, type, names, onChange }: SelectorFieldsProps) {
  const texts = useTexts()
  const [read] = useState(() => readSelector(selector))
  const [matchers, setMatchers] = useState(read.matchers)
  const apply = (next: Selector) => {
    setMatchers(next)
    const complete = formatSelector(next.filter(({ value }) => value !== ''))
    if (complete !== selector) onChange(complete)
  }
  const unused = names.filter((name) => !matchers.some((matcher) => matcher.name === name))
  const addable = unused[0] ?? names[0]
  return (
    <div className={classes['matchers']} role="group" aria-label={texts.rangeLabels}>
      {read.error !== null && (
        <p role="alert" className={classes['error']}>
          <ServerMessage error={{ code: 'SELECTOR_INVALID', message: read.error }} />
        </p>
      )}
      {matchers.map((matcher, row) => (
        <MatcherFields
          // A matcher has no identity but its place.
          // oxlint-disable-next-line no-array-index-key
          key={row}
          matcher={matcher}
          type={type}
          names={names.includes(matcher.name) ? names : [...names, matcher.name]}
          others={matchers.filter((other, at) => at !== row && other.value !== '')}
          onChange={(changed) => apply(matchers.with(row, changed))}
          onRemove={() => apply(matchers.toSpliced(row, 1))}
        />
      ))}
      {addable !== undefined && (
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => setMatchers([...matchers, { name: addable, operator: '=', value: '' }])}
        >
          + {texts.rangeAddLabel}
        </Button>
      )}
    </div>
  )
}

interface MatcherFieldsProps {
  readonly matcher: Matcher
  readonly type: string
  readonly names: readonly string[]
  /** What the values to choose from fit too. */
  readonly others: Selector
  readonly onChange: (matcher: Matcher) => void
  readonly onRemove: () => void
}

function MatcherFields({ matcher, type, names, others, onChange, onRemove }: MatcherFieldsProps) {
  const texts = useTexts()
  const listId = useId()
  const [text, setText] = useState(matcher.value)
  const q = formatSelector(others)
  const { data } = useQuery(
    rangeValuesQuery({ type, name: matcher.name, ...(q === '' ? {} : { q }) }),
  )
  const values = data?.items ?? []
  const apply = (value: string) => value !== matcher.value && onChange({ ...matcher, value })
  const edit = (value: string) => {
    setText(value)
    if (values.includes(value)) apply(value)
  }
  return (
    <span className={classes['matcher']}>
      <NativeSelect
        size="xs"
        aria-label={texts.rangeLabel}
        value={matcher.name}
        data={names.map((value) => ({ value, label: visibleText(value) }))}
        onChange={(event) => onChange({ ...matcher, name: event.currentTarget.value, value: '' })}
      />
      <NativeSelect
        size="xs"
        aria-label={texts.rangeOperator}
        value={matcher.operator}
        data={MATCH_OPERATORS.map((value) => ({ value, label: texts.rangeOperators[value] }))}
        onChange={(event) => {
          const { value } = event.currentTarget
          const operator = MATCH_OPERATORS.find((known) => known === value) ?? '='
          onChange({ ...matcher, operator })
        }}
      />
      <TextInput
        size="xs"
        aria-label={texts.rangeValue}
        placeholder={texts.rangeValue}
        value={text}
        list={listId}
        onChange={(event) => edit(event.currentTarget.value)}
        onBlur={() => apply(text)}
        onKeyDown={(event) => event.key === 'Enter' && apply(text)}
      />
      <datalist id={listId}>
        {values.map((value) => (
          <option key={value} value={value} />
        ))}
      </datalist>
      <ActionIcon
        size={28}
        variant="subtle"
        color="gray"
        aria-label={texts.rangeRemove(visibleText(matcher.name))}
        onClick={onRemove}
      >
        <CloseIcon />
      </ActionIcon>
    </span>
  )
}

function readSelector(text: string): {
  readonly matchers: Selector
  readonly error: string | null
} {
  try {
    return { matchers: parseSelector(text), error: null }
  } catch (error) {
    return { matchers: [], error: error instanceof Error ? error.message : String(error) }
  }
}
