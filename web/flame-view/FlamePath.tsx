import { Menu, UnstyledButton } from '@mantine/core'
import { Fragment } from 'react'
import { shorterNames } from '../flame/fit-label.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import type { DrawnFrame, FlameAnswer } from '../view-worker/view-messages.ts'
import classes from './FlamePath.module.css'

interface FlamePathProps {
  readonly reply: FlameAnswer | null
  /** Of the picture below. */
  readonly widthPx: number
  /** Called with the key of the frame to zoom to. */
  readonly onZoom: (key: string) => void
}

/** How many calls can be read beside each other; on a phone one. */
const STEPS_MAX = 4
const NARROW_PX = 560

/** The calls from the root to the zoomed frame; a click zooms back out to a call. A menu has those without room. */
export function FlamePath({ reply, widthPx, onZoom }: FlamePathProps) {
  const texts = useTexts()
  if (reply === null) return <nav className={classes['path']} aria-label={texts.pathTitle} />
  const steps = reply.frames.slice(1, reply.focusRow + 1)
  const isNarrow = widthPx < NARROW_PX
  const shown = steps.slice(isNarrow ? -1 : -STEPS_MAX)
  return (
    <nav className={classes['path']} aria-label={texts.pathTitle}>
      <UnstyledButton
        className={classes['step'] ?? ''}
        disabled={steps.length === 0}
        title={texts.zoomOut}
        onClick={() => onZoom('')}
      >
        {texts.pathRoot}
      </UnstyledButton>
      {steps.length > shown.length && (
        <Ancestors frames={steps.slice(0, -shown.length)} onZoom={onZoom} />
      )}
      {shown.map((frame) => (
        <Fragment key={frame.key}>
          <Gap />
          <UnstyledButton
            className={classes['step'] ?? ''}
            title={frame.name}
            disabled={frame === steps.at(-1)}
            onClick={() => onZoom(frame.key)}
          >
            <UntrustedText
              text={isNarrow ? withoutPackage(frame.name) : shortFuncName(frame.name)}
            />
          </UnstyledButton>
        </Fragment>
      ))}
      {!reply.isZoomKnown && <span className="muted">{texts.pathUnknown}</span>}
    </nav>
  )
}

/** What is left of a name where there is little room: its function. */
function withoutPackage(name: string): string {
  const [short = name, own = short] = shorterNames(name)
  return own
}

interface AncestorsProps {
  readonly frames: readonly DrawnFrame[]
  readonly onZoom: (key: string) => void
}

function Ancestors({ frames, onZoom }: AncestorsProps) {
  const texts = useTexts()
  return (
    <>
      <Gap />
      <Menu position="bottom-start" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <UnstyledButton
            className={classes['more'] ?? ''}
            aria-label={texts.ancestors(frames.length)}
            title={texts.ancestors(frames.length)}
          >
            … {frames.length}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown className={classes['menu'] ?? ''}>
          {frames.map((frame) => (
            <Menu.Item key={frame.key} onClick={() => onZoom(frame.key)}>
              <UntrustedText text={shortFuncName(frame.name)} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function Gap() {
  const text = '▸'
  return (
    <span className={classes['gap']} aria-hidden="true">
      {text}
    </span>
  )
}
