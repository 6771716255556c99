import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatShare, formatValue } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame, FlameAnswer } from '../view-worker/view-messages.ts'
import { openD3FlameRenderer } from './d3-flame-renderer.ts'
import classes from './FlameChart.module.css'
import type { FlameHighlight, FlameRenderer, FlameTree, PointedFrame } from './flame-renderer.ts'

interface FlameChartProps {
  readonly reply: FlameAnswer
  readonly widthPx: number
  readonly direction: FlameTree['direction']
  readonly highlight: FlameHighlight
  readonly onPoint: (frame: DrawnFrame | null) => void
  readonly onSelect: (frame: DrawnFrame) => void
  readonly onZoom: (frame: DrawnFrame) => void
}

/** Mounts a renderer and passes it the changes. */
export function FlameChart(props: FlameChartProps) {
  const texts = useTexts()
  const host = useRef<HTMLDivElement>(null)
  const renderer = useRef<FlameRenderer | null>(null)
  const latest = useRef(props)
  const [tip, setTip] = useState<PointedFrame | null>(null)
  useLayoutEffect(() => {
    latest.current = props
  })
  useLayoutEffect(() => {
    if (host.current === null) return undefined
    const opened = openD3FlameRenderer(host.current, {
      onPoint: (pointed) => {
        latest.current.onPoint(pointed?.frame ?? null)
        setTip(pointed)
      },
      onSelect: (frame) => latest.current.onSelect(frame),
      onZoom: (frame) => latest.current.onZoom(frame),
      describe: (frame) => describe(frame, latest.current.reply),
    })
    renderer.current = opened
    return () => {
      renderer.current = null
      opened.destroy()
    }
  }, [])
  const { reply, widthPx, direction, highlight } = props
  useLayoutEffect(() => {
    const { frames, focusRow } = reply
    renderer.current?.setTree({ frames, focusRow, widthPx, direction })
  }, [reply, widthPx, direction])
  useEffect(() => renderer.current?.setHighlight(highlight), [highlight])
  const { marked } = highlight
  const markedBefore = useRef(marked)
  useEffect(() => {
    if (markedBefore.current === marked) return
    markedBefore.current = marked
    host.current?.querySelector('g.frame[data-marked]')?.scrollIntoView({ block: 'center' })
  }, [marked])
  return (
    <>
      <div
        ref={host}
        role="tree"
        aria-label={texts.flameLabel}
        className={classes['chart']}
        data-flame=""
      />
      {tip !== null && reply.frames.includes(tip.frame) && (
        <div className={classes['tip']} style={placeOf(tip)} aria-hidden="true">
          <span className="mono">
            <UntrustedText text={tip.frame.name} />
          </span>
          <span className="numbers">
            {amountOf(tip.frame, reply)} · <strong>{shareOf(tip.frame, reply)}</strong>
          </span>
        </div>
      )}
    </>
  )
}

const TIP_WIDTH_PX = 420
const MARGIN_PX = 8

function placeOf({ xPx, bottomPx }: PointedFrame): CSSProperties {
  const leftMaxPx = Math.max(innerWidth - TIP_WIDTH_PX - MARGIN_PX, MARGIN_PX)
  return { left: Math.min(Math.max(xPx, MARGIN_PX), leftMaxPx), top: bottomPx + MARGIN_PX }
}

function amountOf(frame: DrawnFrame, { totals }: FlameAnswer): string {
  return formatValue(frame.cum, totals.unit)
}

function shareOf(frame: DrawnFrame, { totals }: FlameAnswer): string {
  return formatShare(totals.total === 0 ? 0 : frame.cum / totals.total)
}

function describe(frame: DrawnFrame, reply: FlameAnswer): string {
  return `${visibleText(frame.name)}, ${amountOf(frame, reply)}, ${shareOf(frame, reply)}`
}
