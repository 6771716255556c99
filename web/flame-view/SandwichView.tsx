import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useEffect, useMemo, useRef } from 'react'
import { formatCount, formatShare, formatValue } from '../../profile/index.ts'
import { useActions } from '../actions/actions-context.ts'
import { FlameChart } from '../flame/FlameChart.tsx'
import { type FlameHighlight, WHOLE_RANGE } from '../flame/flame-renderer.ts'
import { useTexts } from '../texts/texts-context.ts'
import { FuncPicker } from '../tables/FuncPicker.tsx'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { useWorkerAnswer } from '../view-parts/use-view-client.ts'
import { ViewNotice } from '../view-parts/ViewNotice.tsx'
import type { ViewProps } from '../view-parts/view-props.ts'
import type { DrawnFrame, FlameAnswer } from '../view-worker/view-messages.ts'
import classes from './SandwichView.module.css'

const FRAMES_MAX = 2000
const NO_HIGHLIGHT: FlameHighlight = {
  found: null,
  marked: new Set(),
  selected: '',
  subsystem: null,
}

/** Everything that calls the selected function, or those that a search found, and everything they call. */
export function SandwichView(props: ViewProps) {
  const { client, query, state, update, found } = props
  const texts = useTexts()
  const { ref, width } = useElementSize()
  const widthPx = Math.floor(width)
  const names = useMemo(
    () => (found === null ? (state.selected === '' ? [] : [state.selected]) : [...found.names]),
    [found, state.selected],
  )
  const only = names.length === 1 ? (names[0] ?? '') : ''
  const title = only === '' ? texts.sandwichMany(names.length) : only
  const { data, error, isPlaceholderData } = useWorkerAnswer(
    client,
    ['sandwich', query, names, widthPx],
    () => client.sandwich({ query, names, title, framesMax: FRAMES_MAX, widthPx, framePxMin: 1 }),
    names.length > 0 && widthPx > 0,
  )
  const root = data?.callees.frames[0]
  const middle = useInView(root !== undefined && !isPlaceholderData, names)
  return (
    <div ref={ref} className={classes['sandwich']}>
      {names.length === 0 && <FuncPicker {...props} lead={texts.sandwichEmpty} />}
      {error !== null && data === undefined && (
        <ViewNotice error={error} filters={state.filters} update={update} />
      )}
      {names.length > 0 && data === null && <FuncPicker {...props} lead={texts.peekUnknown} />}
      {names.length > 0 && data === undefined && error === null && (
        <Skeleton height={340} radius="sm" />
      )}
      {names.length > 0 && data && root !== undefined && (
        <>
          <h3 className={classes['heading']}>{texts.sandwichCallers}</h3>
          <Half {...props} reply={data.callers} widthPx={widthPx} direction="flame" />
          <p ref={middle} className={`numbers ${classes['middle']}`}>
            <strong className="mono">{only === '' ? title : shortFuncName(only)}</strong>{' '}
            {texts.cum} <strong>{formatValue(root.cum, data.callees.totals.unit)}</strong>{' '}
            {formatShare(root.cum / (data.callees.totals.total || 1))}{' '}
            {data.callees.frameCount > data.callees.frames.length && (
              <span className="muted">
                {texts.frameCount(
                  formatCount(data.callees.frames.length),
                  formatCount(data.callees.frameCount),
                )}
              </span>
            )}
          </p>
          <h3 className={classes['heading']}>{texts.sandwichCallees}</h3>
          <Half {...props} reply={data.callees} widthPx={widthPx} direction="icicle" />
        </>
      )}
    </div>
  )
}

/** Scrolls the middle into view once for each choice of functions, as soon as the trees around it are drawn. */
function useInView(isDrawn: boolean, names: readonly string[]) {
  const middle = useRef<HTMLParagraphElement>(null)
  const shown = useRef<readonly string[] | null>(null)
  useEffect(() => {
    if (!isDrawn || shown.current === names) return
    shown.current = names
    middle.current?.scrollIntoView({ block: 'nearest' })
  }, [isDrawn, names])
  return middle
}

interface HalfProps extends ViewProps {
  readonly reply: FlameAnswer
  readonly widthPx: number
  readonly direction: 'icicle' | 'flame'
}

/** One of the two trees. A click makes another function the middle. */
function Half({ reply, widthPx, direction, state, update, onPointed }: HalfProps) {
  const actions = useActions()
  const on = useMemo(() => {
    const choose = ({ name, key, isOther }: DrawnFrame) => {
      if (key !== '' && isOther !== true) update({ selected: name, search: '' })
    }
    const subjectOf = ({ name }: DrawnFrame) => ({ kind: 'func' as const, name, stack: [] })
    return {
      onPoint: (frame: DrawnFrame | null) =>
        onPointed(frame === null || frame.isOther === true ? null : subjectOf(frame)),
      onSelect: choose,
      onZoom: choose,
      onMenu: (frame: DrawnFrame, xPx: number, yPx: number) =>
        actions.openMenu(subjectOf(frame), { xPx, yPx }),
      onRange: () => {},
    }
  }, [actions, update, onPointed])
  return (
    <FlameChart
      reply={reply}
      range={WHOLE_RANGE}
      widthPx={widthPx}
      direction={direction}
      colour={state.colour}
      highlight={NO_HIGHLIGHT}
      revealed=""
      onHidden={() => {}}
      on={on}
    />
  )
}
