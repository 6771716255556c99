import { UnstyledButton } from '@mantine/core'
import { Fragment, useState } from 'react'
import { NO_ACTIONS, useActions } from '../actions/actions-context.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import classes from './EvidenceStack.module.css'

interface EvidenceStackProps {
  /** Root first. */
  readonly stack: readonly string[]
  /** How many frames at the root are inferred. */
  readonly inferredCount: number
  /** Rows that the rule matched. */
  readonly matchedRows: readonly number[]
}

/** How many frames around a match are shown at first. */
const CONTEXT_FRAMES = 1
const SHORT_FRAMES = 8

/** A stack, root on top. Long stacks show the matched frames and their neighbours. */
export function EvidenceStack(props: EvidenceStackProps) {
  const texts = useTexts()
  const { stack, inferredCount } = props
  const matched = new Set(props.matchedRows)
  const [isWhole, setIsWhole] = useState(false)
  const shown = stack
    .map((name, row) => ({ name, row }))
    .filter(({ row }) => isWhole || isShownShort(row, stack.length, matched))
  const hiddenCount = stack.length - shown.length
  return (
    <div className={classes['box']}>
      <ol className={classes['frames']}>
        {shown.map(({ name, row }, index) => (
          <li
            key={row}
            className={classes['frame']}
            data-matched={matched.has(row)}
            data-inferred={row < inferredCount}
            data-gap={index > 0 && shown[index - 1]?.row !== row - 1}
          >
            <FrameName name={name} stack={stack.slice(0, row + 1)} isReachable={matched.has(row)} />
          </li>
        ))}
      </ol>
      {(hiddenCount > 0 || isWhole) && stack.length > SHORT_FRAMES && (
        <UnstyledButton className={classes['more'] ?? ''} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? texts.framesFewer : texts.framesMore(hiddenCount)}
        </UnstyledButton>
      )}
      {inferredCount > 0 && isWhole && <p className={classes['hint']}>{texts.inferredFrames}</p>}
    </div>
  )
}

interface FrameNameProps {
  readonly name: string
  /** The calls from the root to it. */
  readonly stack: readonly string[]
  /** Whether the keyboard reaches it: every frame would be too many stops. */
  readonly isReachable: boolean
}

/** A name that is broken after a slash or a dot where there is little room, not inside a word. */
function BreakableName({ name }: { readonly name: string }) {
  if (!/^[ -~]+$/.test(name)) return <UntrustedText text={name} />
  return name.split(/(?<=[/.])/).map((part, row) => (
    // Parts have no other identity.
    // oxlint-disable-next-line react/no-array-index-key
    <Fragment key={row}>
      {row > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}

/** The name of a frame, with the menu of what can be done with it where a view can be acted on. */
function FrameName({ name, stack, isReachable }: FrameNameProps) {
  const actions = useActions()
  const text = <BreakableName name={name} />
  if (actions === NO_ACTIONS) return text
  const open = (xPx: number, yPx: number) =>
    actions.openMenu({ kind: 'func', name, stack }, { xPx, yPx })
  return (
    <UnstyledButton
      className={classes['name'] ?? ''}
      tabIndex={isReachable ? 0 : -1}
      aria-haspopup="menu"
      onClick={({ currentTarget }) => {
        const { left, bottom } = currentTarget.getBoundingClientRect()
        open(left, bottom)
      }}
      onContextMenu={(event) => {
        event.preventDefault()
        open(event.clientX, event.clientY)
      }}
    >
      {text}
    </UnstyledButton>
  )
}

function isShownShort(row: number, length: number, matched: ReadonlySet<number>): boolean {
  if (length <= SHORT_FRAMES || row >= length - 2) return true
  if (matched.size === 0) return row >= length - SHORT_FRAMES
  for (let near = row - CONTEXT_FRAMES; near <= row + CONTEXT_FRAMES; near++) {
    if (matched.has(near)) return true
  }
  return false
}
