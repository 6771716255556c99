import { Button } from '@mantine/core'
import { useState } from 'react'

interface ConfirmButtonProps {
  readonly text: string
  /** The label after the first click; the second click acts. */
  readonly confirmText: string
  readonly isPending: boolean
  /** That of the buttons beside it. */
  readonly size?: 'compact-sm' | 'compact-md'
  readonly onConfirm: () => void
}

/** For actions that cannot be undone. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const [isAsked, setIsAsked] = useState(false)
  return (
    <Button
      size={props.size ?? 'compact-md'}
      variant={isAsked ? 'filled' : 'default'}
      {...(isAsked ? { color: 'red' } : {})}
      loading={props.isPending}
      onBlur={() => setIsAsked(false)}
      onClick={() => {
        if (isAsked) props.onConfirm()
        else setIsAsked(true)
      }}
    >
      {isAsked ? props.confirmText : props.text}
    </Button>
  )
}
