import { ActionIcon, Tooltip } from '@mantine/core'
import { useTimeout } from '@mantine/hooks'
import { useState } from 'react'
import { useTexts } from '../texts/texts-context.ts'
import { copyText } from './copy-text.ts'
import { CheckIcon, CopyIcon } from './icons.tsx'

interface CopyButtonProps {
  readonly text: string
  readonly label?: string
}

const SHOWN_MS = 1500

export function CopyButton(props: CopyButtonProps) {
  const texts = useTexts()
  const [outcome, setOutcome] = useState<'copied' | 'copyFailed' | null>(null)
  const { start } = useTimeout(() => setOutcome(null), SHOWN_MS)
  const show = (shown: typeof outcome) => {
    setOutcome(shown)
    start()
  }
  const copy = () =>
    void copyText(props.text).then(
      () => show('copied'),
      () => show('copyFailed'),
    )
  const isCopied = outcome === 'copied'
  const label = outcome === null ? (props.label ?? texts.copy) : texts[outcome]
  return (
    <Tooltip label={label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color={isCopied ? 'teal' : 'gray'}
        aria-label={label}
        onClick={copy}
      >
        {isCopied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
      </ActionIcon>
    </Tooltip>
  )
}
