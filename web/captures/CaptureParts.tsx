import { Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CapturePart, CaptureSummary } from '../../api/index.ts'
import { formatSizeBytes } from '../../profile/index.ts'
import { captureFileApiPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './CaptureParts.module.css'
import rows from '../lists/Rows.module.css'

const GLYPHS = { waiting: '○', taking: '', taken: '✓', failed: '✗', skipped: '–' } as const

interface CapturePartsProps {
  readonly capture: CaptureSummary
  /** True for one that only this browser has: its files cannot be fetched. */
  readonly isLocal?: boolean
}

/** The parts of a capture with their states. */
export function CaptureParts({ capture, isLocal = false }: CapturePartsProps) {
  return (
    <ul className={`card ${classes['list']}`} aria-live="polite">
      {capture.parts.map((part, row) => (
        <PartRow key={part.fileName ?? `${part.kind} ${row}`} {...{ part, capture, isLocal }} />
      ))}
    </ul>
  )
}

interface PartRowProps extends Required<CapturePartsProps> {
  readonly part: CapturePart
}

function PartRow({ part, capture, isLocal }: PartRowProps) {
  const texts = useTexts()
  const { kind, state, error, note, sizeBytes } = part
  return (
    <li className={classes['row']} data-state={state}>
      <span className={classes['glyph']} aria-hidden="true">
        {state === 'taking' ? <Loader size={12} /> : GLYPHS[state]}
      </span>
      <span className={classes['name']}>
        <PartName {...{ part, capture, isLocal }} />
      </span>
      <span className={classes['state']}>
        {texts.partStates[state]}
        {state === 'taking' && kind === 'cpu' && capture.seconds !== null && (
          <> ({texts.captureSecondsOf(capture.seconds)})</>
        )}
      </span>
      <span className={`numbers ${classes['size']}`}>
        {sizeBytes !== null && formatSizeBytes(sizeBytes)}
      </span>
      {error !== null && (
        <p className={rows['error']}>
          <ServerMessage error={error} />
        </p>
      )}
      {note !== null && (
        <p className={rows['note']}>
          <UntrustedText text={note} />
        </p>
      )}
    </li>
  )
}

function PartName({ part, capture, isLocal }: PartRowProps) {
  const texts = useTexts()
  const { kind, fileName, profileId, state } = part
  const isNamed = kind === 'log' || kind === 'other' || kind === 'profile'
  const name = isNamed && fileName !== null ? fileName : texts.partKinds[kind]
  if (profileId !== null) {
    return (
      <Link to={isLocal ? '/local/$id' : '/profiles/$id'} params={{ id: profileId }}>
        <UntrustedText text={name} />
      </Link>
    )
  }
  if (state === 'taken' && fileName !== null && !isLocal) {
    return (
      <a href={captureFileApiPath(capture.id, fileName)} download>
        <UntrustedText text={name} />
      </a>
    )
  }
  return <UntrustedText text={name} />
}
