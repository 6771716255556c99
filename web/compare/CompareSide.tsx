import { Skeleton } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { captureName, captureTime } from '../format/capture-title.ts'
import { formatTime } from '../format/format-time.ts'
import { useTexts } from '../texts/texts-context.ts'
import { useTimeZone } from '../texts/time-zone-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './ComparePage.module.css'
import type { ComparedSide } from './use-pair.ts'

interface CompareSideProps {
  readonly label: string
  readonly side: ComparedSide
  readonly isLocal: boolean
}

/** One of the two that are compared, with a link to it. */
export function CompareSide({
  label,
  side: { profile, capture, error },
  isLocal,
}: CompareSideProps) {
  const texts = useTexts()
  const { zone } = useTimeZone()
  if (profile === undefined) {
    return error === null ? <Skeleton height={44} width={220} radius="sm" /> : null
  }
  const { component, fileName, type, takenAt, receivedAt } = profile
  const own = isLocal ? (fileName ?? component) : component
  const name = captureName({ ...profile, component: own }, texts)
  const kind = type === name ? '' : type
  return (
    <div>
      <p className={classes['label']}>{label}</p>
      {capture === null ? (
        <Link to={isLocal ? '/local/$id' : '/profiles/$id'} params={{ id: profile.id }}>
          <UntrustedText text={name} /> {kind}
        </Link>
      ) : (
        <Link to={isLocal ? '/local/captures/$id' : '/captures/$id'} params={{ id: capture.id }}>
          <UntrustedText text={captureName(capture, texts)} />
        </Link>
      )}{' '}
      <span className={`muted numbers ${classes['time']}`}>
        {capture === null ? formatTime(takenAt ?? receivedAt, zone) : captureTime(capture, zone)}
      </span>
    </div>
  )
}
