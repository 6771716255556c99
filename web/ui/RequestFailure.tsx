import { Button } from '@mantine/core'
import { useTexts } from '../texts/texts-context.ts'
import { FailureReason } from './FailureReason.tsx'
import classes from './RequestFailure.module.css'

interface RequestFailureProps {
  readonly title: string
  readonly error: Error
  readonly onRetry?: () => void
}

/** Shows what could not be loaded and why, with a button to try again. */
export function RequestFailure(props: RequestFailureProps) {
  const texts = useTexts()
  const { error } = props
  return (
    <div className={`card ${classes['box']}`} role="alert">
      <p>
        <strong>{props.title}</strong>
      </p>
      <p className="muted">
        <FailureReason error={error} />
      </p>
      {props.onRetry !== undefined && (
        <Button size="compact-sm" variant="default" onClick={props.onRetry}>
          {texts.retry}
        </Button>
      )}
    </div>
  )
}
