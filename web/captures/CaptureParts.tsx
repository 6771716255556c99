import { Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CapturePart, CaptureSummary } from '../../api/index.ts'
import { formatSizeBytes } from '../../profile/index.ts'
import { captureFileApiPath } from '../paths.ts'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './CaptureParts.module.css'
import rows from '../ui/Rows.module.css'

const GLYPHS = { waiting: '○', taking: '', taken: '✓', failed: '✗', skipped: '–' } as const

/** The parts of a capture with their states. */
export function CaptureParts({ capture }: { readonly capture: CaptureSummary }) {
  return (
    <ul className={`card ${classes['list']}`} aria-live="polite">
      {capture.parts.map((part, row) => (
        <PartRow key={part.fileName ?? `${part.kind} ${row}`} part={part} capture={capture} />
      ))}
    </ul>
  )
}

interface PartRowProps {
  readonly part: CapturePart
  readonly capture: CaptureSummary
}

function PartRow({ part, capture }: PartRowProps) {
  const texts = useTexts()
  const { kind, state, error, note, sizeBytes } = part
  return (
    <li className={classes['row']} data-state={state}>
      <span className={classes['glyph']} aria-hidden="true">
        {state === 'taking' ? <Loader size={12} /> : GLYPHS[state]}
      </span>
      <span className={classes['name']}>
        <PartName part={part} captureId={capture.id} />
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

function PartName({ part, captureId }: { readonly part: CapturePart; readonly captureId: string }) {
  const texts = useTexts()
  const { kind, fileName, profileId, state } = part
  const isNamed = kind === 'log' || kind === 'other' || kind === 'profile'
  const name = isNamed && fileName !== null ? fileName : texts.partKinds[kind]
  if (profileId !== null) {
    return (
      <Link to="/profiles/$id" params={{ id: profileId }}>
        <UntrustedText text={name} />
      </Link>
    )
  }
  if (state === 'taken' && fileName !== null) {
    return (
      <a href={captureFileApiPath(captureId, fileName)} download>
        <UntrustedText text={name} />
      </a>
    )
  }
  return <UntrustedText text={name} />
}
