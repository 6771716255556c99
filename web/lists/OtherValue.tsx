import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import classes from './FacetGroup.module.css'

interface OtherValueProps {
  /** Of what it is a value. */
  readonly title: string
  readonly onAdd: (value: string) => void
}

/** A field for a value that is not listed. */
export function OtherValue({ title, onAdd }: OtherValueProps) {
  const texts = useTexts()
  const [text, setText] = useState('')
  return (
    <form
      className={classes['other']}
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() === '') return
        onAdd(text.trim())
        setText('')
      }}
    >
      <TextInput
        size="xs"
        aria-label={texts.facetOther(title)}
        placeholder={texts.facetOther(title)}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </form>
  )
}
