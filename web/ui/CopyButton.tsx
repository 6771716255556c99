import { ActionIcon, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { useTexts } from '../texts/texts-context.ts'
import { CheckIcon, CopyIcon } from './icons.tsx'

interface CopyButtonProps {
  readonly text: string
  readonly label?: string
}

export function CopyButton(props: CopyButtonProps) {
  const texts = useTexts()
  const clipboard = useClipboard({ timeout: 1500 })
  const label = clipboard.copied ? texts.copied : (props.label ?? texts.copy)
  return (
    <Tooltip label={label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color={clipboard.copied ? 'teal' : 'gray'}
        aria-label={label}
        onClick={() => clipboard.copy(props.text)}
      >
        {clipboard.copied ? <CheckIcon size={14} /> : <CopyIcon size={14} />}
      </ActionIcon>
    </Tooltip>
  )
}
