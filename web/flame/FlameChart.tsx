import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatShare } from '../format/format-share.ts'
import { formatValue } from '../format/format-value.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame, FlameReply } from '../view-worker/view-messages.ts'
import { openD3FlameRenderer } from './d3-flame-renderer.ts'
import classes from './FlameChart.module.css'
import type { FlameHighlight, FlameRenderer, FlameTree } from './flame-renderer.ts'

interface FlameChartProps {
  readonly reply: FlameReply
  readonly widthPx: number
  readonly direction: FlameTree['direction']
  readonly highlight: FlameHighlight
  readonly onPoint: (frame: DrawnFrame | null) => void
  readonly onSelect: (frame: DrawnFrame) => void
  readonly onZoom: (frame: DrawnFrame) => void
}

/** Mounts a renderer and hands it what changes. */
export function FlameChart(props: FlameChartProps) {
  const texts = useTexts()
  const host = useRef<HTMLDivElement>(null)
  const renderer = useRef<FlameRenderer | null>(null)
  const latest = useRef(props)
  const [tip, setTip] = useState<Tip | null>(null)
  useLayoutEffect(() => {
    latest.current = props
  })
  useLayoutEffect(() => {
    if (host.current === null) return undefined
    const opened = openD3FlameRenderer(host.current, {
      onPoint: (frame, element) => {
        latest.current.onPoint(frame)
        setTip(element === null || frame === null ? null : { frame, ...placeUnder(element) })
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
        <div
          className={classes['tip']}
          style={{ left: tip.leftPx, top: tip.topPx }}
          aria-hidden="true"
        >
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

interface TipPlace {
  readonly leftPx: number
  readonly topPx: number
}

interface Tip extends TipPlace {
  readonly frame: DrawnFrame
}

const TIP_WIDTH_PX = 420

function placeUnder(element: Element): TipPlace {
  const box = element.getBoundingClientRect()
  const leftPx = Math.min(Math.max(box.left, 8), Math.max(innerWidth - TIP_WIDTH_PX - 8, 8))
  return { leftPx, topPx: box.bottom + 6 }
}

function amountOf(frame: DrawnFrame, { totals }: FlameReply): string {
  return formatValue(frame.cum, totals.unit)
}

function shareOf(frame: DrawnFrame, { totals }: FlameReply): string {
  return formatShare(totals.total === 0 ? 0 : frame.cum / totals.total)
}

function describe(frame: DrawnFrame, reply: FlameReply): string {
  return `${visibleText(frame.name)}, ${amountOf(frame, reply)}, ${shareOf(frame, reply)}`
}
