import { UnstyledButton, useComputedColorScheme } from '@mantine/core'
import { memo, type MouseEvent, useMemo } from 'react'
import { formatShare, packageOfName, SUBSYSTEMS, type SubsystemId } from '../../profile/index.ts'
import { type Subject } from '../actions/subject.ts'
import { useActions } from '../actions/actions-context.ts'
import { packageColour, selfColour } from '../flame/flame-colours.ts'
import { useLanguage, useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import type { Colouring } from '../view-state/view-state.ts'
import type { FlameAnswer, TopAnswer } from '../view-worker/view-messages.ts'
import classes from './FlameLegend.module.css'

const TITLES = new Map(SUBSYSTEMS.map(({ id, title }) => [id, title]))
const ITEMS_MAX = 12
/** What passes time on has none of its own: a 0 % beside a large colour would be read as a fault. */
const SHARE_SHOWN_MIN = 0.0005

interface FlameLegendProps {
  readonly colour: Colouring
  readonly reply: FlameAnswer | null
  readonly top: TopAnswer | null
  /** The subsystem that is not dimmed; `null` for all. */
  readonly chosen: SubsystemId | null
  readonly onChoose: (id: SubsystemId | null) => void
}

/** What the colours mean: those that cover most of the picture, with the share of own time in it. */
export const FlameLegend = memo(function FlameLegend(props: FlameLegendProps) {
  const texts = useTexts()
  const { colour, reply } = props
  if (reply === null) return <div className={classes['legend']} />
  if (colour === 'package') return <PackageLegend reply={reply} />
  if (colour === 'self') {
    return (
      <p className={classes['legend']}>
        <Scale /> {texts.legendSelf}
      </p>
    )
  }
  return <SubsystemLegend {...props} reply={reply} />
})

function Scale() {
  const isDark = useComputedColorScheme('light') === 'dark'
  const steps = [0, 0.25, 0.5, 0.75, 1]
  return (
    <span aria-hidden="true">
      {steps.map((step) => (
        <Dot key={step} colour={selfColour(step, isDark)} />
      ))}
    </span>
  )
}

function PackageLegend({ reply }: { readonly reply: FlameAnswer }) {
  const actions = useActions()
  const isDark = useComputedColorScheme('light') === 'dark'
  const packages = useMemo(() => sumFrames(reply, ({ name }) => packageOfName(name)), [reply])
  return (
    <ul className={classes['legend']}>
      {packages.map(({ key, share }) => (
        <li key={key}>
          <UnstyledButton
            className={classes['item'] ?? ''}
            onClick={(event) => actions.openMenu({ kind: 'package', path: key }, pointOf(event))}
          >
            <Dot colour={packageColour(key, isDark)} />
            <UntrustedText text={key.slice(key.lastIndexOf('/') + 1)} />{' '}
            {share >= SHARE_SHOWN_MIN && <span className="numbers">{formatShare(share)}</span>}
          </UnstyledButton>
        </li>
      ))}
    </ul>
  )
}

function SubsystemLegend(props: FlameLegendProps & { readonly reply: FlameAnswer }) {
  const { texts, language } = useLanguage()
  const actions = useActions()
  const { reply, top, chosen, onChoose } = props
  const shown = useMemo(() => sumFrames(reply, ({ subsystem }) => subsystem), [reply])
  return (
    <ul className={classes['legend']} aria-label={texts.legend}>
      {shown.map(({ key: id, share }) => {
        const title = TITLES.get(id)?.[language] ?? id
        const openMenu = (event: MouseEvent) => {
          event.preventDefault()
          actions.openMenu(subsystemSubject(id, title, top), pointOf(event))
        }
        return (
          <li key={id}>
            <UnstyledButton
              className={classes['item'] ?? ''}
              aria-pressed={chosen === id}
              title={texts.legend}
              onClick={() => onChoose(chosen === id ? null : id)}
              onContextMenu={openMenu}
            >
              <Dot colour={`var(--subsystem-${id})`} />
              {title}{' '}
              {share >= SHARE_SHOWN_MIN && <span className="numbers">{formatShare(share)}</span>}
            </UnstyledButton>
          </li>
        )
      })}
    </ul>
  )
}

function Dot(props: { readonly colour: string }) {
  return <span className={classes['dot']} style={{ background: props.colour }} aria-hidden="true" />
}

function subsystemSubject(id: SubsystemId, title: string, top: TopAnswer | null): Subject {
  const rows = (top?.rows ?? []).filter(({ subsystem }) => subsystem === id)
  const heaviest = rows.toSorted((a, b) => Math.abs(b.flat) - Math.abs(a.flat))
  return { kind: 'subsystem', id, title, names: heaviest.map(({ name }) => name) }
}

function pointOf({ clientX, clientY, currentTarget }: MouseEvent) {
  if (clientX !== 0 || clientY !== 0) return { xPx: clientX, yPx: clientY }
  const box = currentTarget.getBoundingClientRect()
  return { xPx: box.left, yPx: box.bottom }
}

/**
 * The groups that cover most of the picture below the focus, with their share of its own time. A group with large
 * frames and little time of its own is listed too, for its colour is what one sees.
 */
function sumFrames<Key extends string>(
  { frames, focusRow }: FlameAnswer,
  groupOf: (frame: FlameAnswer['frames'][number]) => Key,
) {
  const area = new Map<Key, number>()
  const flat = new Map<Key, number>()
  for (const frame of frames.slice(focusRow)) {
    if (frame.isOther === true || frame.key === '') continue
    const key = groupOf(frame)
    area.set(key, (area.get(key) ?? 0) + frame.weight)
    flat.set(key, (flat.get(key) ?? 0) + Math.abs(frame.flat))
  }
  const whole = frames[focusRow]?.weight || 1
  return [...area]
    .sort(([, a], [, b]) => b - a)
    .slice(0, ITEMS_MAX)
    .map(([key]) => ({ key, share: (flat.get(key) ?? 0) / whole }))
}
