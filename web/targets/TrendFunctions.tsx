import { TextInput, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { rangeTopQuery, type RangeParams } from '../requests/range-queries.ts'
import { useTexts } from '../texts/texts-context.ts'
import { CloseIcon } from '../ui/icons.tsx'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import { formatListParam } from '../view-state/list-param.ts'
import { FUNCTIONS_MAX } from './target-trends.ts'
import classes from './TargetPage.module.css'

const SUGGESTIONS = '40'

interface TrendFunctionsProps {
  /** Of the series. */
  readonly params: RangeParams
  readonly chosen: readonly string[]
  /** Functions to offer before the heaviest ones. */
  readonly suggested: readonly string[]
  /** The functions as a parameter of the address. */
  readonly onChange: (list: string | undefined) => void
}

/** The functions that have a line of their own. */
export function TrendFunctions({ params, chosen, suggested, onChange }: TrendFunctionsProps) {
  const texts = useTexts()
  const listId = useId()
  const [text, setText] = useState('')
  const { step: _, ...range } = params
  const { data } = useQuery(rangeTopQuery({ ...range, n: SUGGESTIONS }))
  const names = new Set([...suggested, ...(data?.rows ?? []).map(({ name }) => name)])
  const offered = [...names].filter((name) => !chosen.includes(name))
  const add = (name: string) => {
    const trimmed = name.trim()
    setText('')
    if (trimmed !== '' && !chosen.includes(trimmed)) onChange(formatListParam([...chosen, trimmed]))
  }
  return (
    <div className={classes['functions']} role="group" aria-label={texts.trendFunctions}>
      {chosen.map((name) => (
        <UnstyledButton
          key={name}
          className={classes['function'] ?? ''}
          title={visibleText(name)}
          aria-label={texts.trendRemove(visibleText(name))}
          onClick={() => onChange(formatListParam(chosen.filter((one) => one !== name)))}
        >
          <UntrustedText text={shortFuncName(name)} />
          <CloseIcon />
        </UnstyledButton>
      ))}
      {chosen.length < FUNCTIONS_MAX && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            add(text)
          }}
        >
          <TextInput
            size="xs"
            className={classes['addFunction'] ?? ''}
            aria-label={texts.trendAdd}
            placeholder={texts.trendAdd}
            value={text}
            list={listId}
            onChange={({ currentTarget: { value } }) =>
              names.has(value) ? add(value) : setText(value)
            }
          />
          <datalist id={listId}>
            {offered.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </form>
      )}
    </div>
  )
}
