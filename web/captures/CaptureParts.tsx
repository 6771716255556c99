import { Loader } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CapturePart, CaptureSummary, Finding } from '../../api/index.ts'
import { formatSizeBytes } from '../../profile/index.ts'
import { captureFileApiPath } from '../paths.ts'
import { LevelMark } from '../ui/LevelMark.tsx'
import { useTexts } from '../texts/texts-context.ts'
import { ServerMessage, ServerText } from '../untrusted/ServerMessage.tsx'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './CaptureParts.module.css'
import rows from '../lists/Rows.module.css'

const GLYPHS = { waiting: '○', taking: '', taken: '✓', failed: '✗', skipped: '–' } as const

interface CapturePartsProps {
  readonly capture: CaptureSummary
  /** Its findings, worst first. */
  readonly findings?: readonly Finding[]
  /** True for one that only this browser has: its files cannot be fetched. */
  readonly isLocal?: boolean
}

const NO_FINDINGS: readonly Finding[] = []

/** The parts of a capture with their states, and the worst finding of each profile. */
export function CaptureParts(props: CapturePartsProps) {
  const { capture, findings = NO_FINDINGS, isLocal = false } = props
  return (
    <ul className={`card ${classes['list']}`} aria-live="polite">
      {capture.parts.map((part, row) => (
        <PartRow
          key={part.fileName ?? `${part.kind} ${row}`}
          {...{ part, capture, isLocal }}
          worst={findings.find(({ profile }) => profile === part.kind) ?? null}
        />
      ))}
    </ul>
  )
}

interface PartNameProps {
  readonly part: CapturePart
  readonly capture: CaptureSummary
  readonly isLocal: boolean
}

interface PartRowProps extends PartNameProps {
  readonly worst: Finding | null
}

function PartRow({ part, capture, isLocal, worst }: PartRowProps) {
  const texts = useTexts()
  const { kind, state, error, note, sizeBytes } = part
  return (
    <li className={classes['row']} data-state={state}>
      <span className={classes['glyph']} aria-hidden="true">
        {state === 'taking' ? <Loader size={12} /> : GLYPHS[state]}
      </span>
      <span className={classes['name']}>
        <PartName {...{ part, capture, isLocal }} />
        {worst !== null && (
          <span className={classes['worst']}>
            <LevelMark level={worst.level} /> <UntrustedText text={worst.title} />
          </span>
        )}
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
          <PartNote note={note} />
        </p>
      )}
    </li>
  )
}

const SHORT = /^PROFILE_SHORT: it was over after (\d+\.\d) of (\d+) s$/

/** A short profile has a code in place of a sentence. */
function PartNote({ note }: { readonly note: string }) {
  const texts = useTexts()
  const [, tookSeconds, seconds] = SHORT.exec(note) ?? []
  if (tookSeconds === undefined || seconds === undefined) return <ServerText text={note} />
  return texts.partShort(tookSeconds, seconds)
}

function PartName({ part, capture, isLocal }: PartNameProps) {
  const texts = useTexts()
  const { kind, fileName, profileId, state } = part
  const isNamed = kind === 'log' || kind === 'other' || kind === 'profile'
  const isBefore = kind === 'metrics' && fileName?.startsWith('metrics-before') === true
  const kindName = isBefore ? texts.partMetricsBefore : texts.partKinds[kind]
  const name = isNamed && fileName !== null ? fileName : kindName
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
