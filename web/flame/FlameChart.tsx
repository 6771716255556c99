import {
  type CSSProperties,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { type FlameRange, formatShare, formatValue } from '../../profile/index.ts'
import { useTexts } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame, FlameAnswer } from '../view-worker/view-messages.ts'
import type { Colouring } from '../view-state/view-state.ts'
import { openCanvasFlameRenderer } from './canvas-flame-renderer.ts'
import classes from './FlameChart.module.css'
import { focusChart } from './focus-chart.ts'
import type {
  FlameEvents,
  FlameHighlight,
  FlameRenderer,
  FlameTree,
  OpenFlameRenderer,
  PointedFrame,
} from './flame-renderer.ts'
import { isWhole } from './zoom-range.ts'

interface FlameChartProps {
  readonly reply: FlameAnswer
  readonly range: FlameRange
  readonly widthPx: number
  readonly direction: FlameTree['direction']
  readonly colour: Colouring
  readonly highlight: FlameHighlight
  /** The amount of a frame as text; its value and share when not given. */
  readonly amountOf?: (frame: DrawnFrame) => string
  /** The key of a frame to scroll to; `''` for none. */
  readonly revealed: string
  /** Called where the frame to scroll to is not drawn. */
  readonly onHidden: (key: string) => void
  readonly on: Omit<FlameEvents, 'describe' | 'onPoint'> & {
    readonly onPoint: (frame: DrawnFrame | null) => void
  }
}

/** More are drawn on a canvas: each element takes the browser 60 to 100 us. */
const ELEMENTS_MAX = 250

/** Draws with the renderer that suits the size of the tree; on the canvas while the other is being loaded. */
export function FlameChart(props: FlameChartProps) {
  const isSmall = props.reply.frames.length <= ELEMENTS_MAX && isWhole(props.range)
  const openElements = useElementsRenderer(isSmall)
  const open = (isSmall ? openElements : null) ?? openCanvasFlameRenderer
  const isCanvas = open === openCanvasFlameRenderer
  const revealed = useRef('')
  const isNews = useCallback((key: string) => {
    const isNew = key !== revealed.current
    revealed.current = key
    return isNew
  }, [])
  return (
    <MountedChart
      key={isCanvas ? 'canvas' : 'elements'}
      {...props}
      open={open}
      isCanvas={isCanvas}
      isNews={isNews}
    />
  )
}

/** The renderer for small trees, once it is needed and loaded. */
function useElementsRenderer(isNeeded: boolean): OpenFlameRenderer | null {
  const [open, setOpen] = useState<OpenFlameRenderer | null>(null)
  useEffect(() => {
    if (!isNeeded || open !== null) return
    void import('./d3-flame-renderer.ts').then(({ openD3FlameRenderer }) =>
      setOpen(() => openD3FlameRenderer),
    )
  }, [isNeeded, open])
  return open
}

interface RenderedProps extends FlameChartProps {
  /** Whether the frame to scroll to is another than last, by whichever renderer: who has left it is not brought back. */
  readonly isNews: (key: string) => boolean
}

interface MountedChartProps extends RenderedProps {
  readonly open: OpenFlameRenderer
  readonly isCanvas: boolean
}

/** Mounts a renderer and passes it the changes. */
function MountedChart({ open, isCanvas, ...props }: MountedChartProps) {
  const texts = useTexts()
  const { reply } = props
  const [tip, setTip] = useState<PointedFrame | null>(null)
  const host = useRef<HTMLDivElement>(null)
  useRenderer(host, open, props, setTip)
  useKeptFocus(host)
  return (
    <>
      <div
        ref={host}
        role="tree"
        aria-label={texts.flameLabel}
        className={isCanvas ? `${classes['chart']} ${classes['canvas']}` : classes['chart']}
        data-flame={isCanvas ? 'canvas' : 'elements'}
      />
      {tip !== null && reply.frames.includes(tip.frame) && (
        <div className={classes['tip']} style={placeOf(tip)} aria-hidden="true">
          <span className="mono">
            <UntrustedText text={nameOf(tip.frame)} />
          </span>
          <span className="numbers">
            {props.amountOf?.(tip.frame) ?? (
              <>
                {amountOf(tip.frame, reply)} · <strong>{shareOf(tip.frame, reply)}</strong>
              </>
            )}
            {tip.frame.isInlined === true && ` · ${texts.inlined}`}
            {tip.frame.isInferred === true && ` · ${texts.inferred}`}
          </span>
        </div>
      )}
    </>
  )
}

/** While no chart is drawn, or one takes the place of another, the keyboard waits on what is around it. */
function useKeptFocus(host: { readonly current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const chart = host.current
    const around = chart?.closest<HTMLElement>('[data-views]') ?? null
    if (chart === null || around === null) return undefined
    // In the next frame: focusing lays the page out, which would be a part of the task that draws.
    const frame = requestAnimationFrame(() => {
      if (document.activeElement === around) focusChart(chart)
    })
    return () => {
      cancelAnimationFrame(frame)
      if (chart.contains(document.activeElement)) around.focus({ preventScroll: true })
    }
  }, [host])
}

function useRenderer(
  host: { readonly current: HTMLDivElement | null },
  open: OpenFlameRenderer,
  props: RenderedProps,
  setTip: (pointed: PointedFrame | null) => void,
): void {
  const renderer = useRef<FlameRenderer | null>(null)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  useLayoutEffect(() => {
    if (host.current === null) return undefined
    const opened = open(host.current, {
      onPoint(pointed) {
        latest.current.on.onPoint(pointed?.frame ?? null)
        setTip(pointed)
      },
      onSelect: (frame) => latest.current.on.onSelect(frame),
      onZoom: (frame) => latest.current.on.onZoom(frame),
      onMenu: (frame, xPx, yPx) => latest.current.on.onMenu(frame, xPx, yPx),
      onRange: (range) => latest.current.on.onRange(range),
      describe: (frame) => describe(frame, latest.current),
    })
    renderer.current = opened
    return () => {
      renderer.current = null
      opened.destroy()
    }
  }, [host, open, setTip])
  const { reply, range, widthPx, direction, colour, highlight } = props
  useLayoutEffect(() => {
    const { frames, focusRow } = reply
    renderer.current?.setTree({ frames, focusRow, range, widthPx, direction, colour })
  }, [reply, range, widthPx, direction, colour])
  useLayoutEffect(() => renderer.current?.setHighlight(highlight), [highlight])
  useReveal(renderer, props)
}

/** Scrolls to a frame that was stepped to, and to the first marked one once it is drawn. */
function useReveal(
  renderer: { readonly current: FlameRenderer | null },
  { reply, highlight, revealed, isNews, onHidden }: RenderedProps,
): void {
  const { marked } = highlight
  const shownMark = useRef<ReadonlySet<string> | null>(null)
  // A renderer that is opened again has nothing revealed.
  useEffect(
    () => () => {
      shownMark.current = null
    },
    [],
  )
  useEffect(() => {
    const isDrawn = reply.frames.some(({ name }) => marked.has(name))
    if (shownMark.current === marked || !isDrawn) return
    shownMark.current = marked
    renderer.current?.reveal(({ name }) => marked.has(name))
  }, [renderer, marked, reply])
  useEffect(() => {
    if (!isNews(revealed) || revealed === '') return
    const isShown = renderer.current?.reveal(({ key }) => key === revealed) ?? false
    if (!isShown) onHidden(revealed)
  }, [renderer, revealed, isNews, onHidden])
}

const TIP_WIDTH_PX = 420
const TIP_HEIGHT_PX = 64
const MARGIN_PX = 8

function placeOf({ xPx, bottomPx }: PointedFrame): CSSProperties {
  const leftMaxPx = Math.max(innerWidth - TIP_WIDTH_PX - MARGIN_PX, MARGIN_PX)
  const topMaxPx = innerHeight - TIP_HEIGHT_PX - MARGIN_PX
  return {
    left: Math.min(Math.max(xPx, MARGIN_PX), leftMaxPx),
    top: Math.min(bottomPx + MARGIN_PX, topMaxPx),
  }
}

function nameOf(frame: DrawnFrame): string {
  return frame.isOther === true ? `+${frame.hiddenCount ?? 0}` : frame.name
}

function amountOf(frame: DrawnFrame, { totals }: FlameAnswer): string {
  return formatValue(frame.cum, totals.unit)
}

function shareOf(frame: DrawnFrame, { totals }: FlameAnswer): string {
  return formatShare(totals.total === 0 ? 0 : frame.cum / totals.total)
}

function describe(frame: DrawnFrame, props: Pick<FlameChartProps, 'reply' | 'amountOf'>): string {
  const { reply } = props
  const own = `${amountOf(frame, reply)}, ${shareOf(frame, reply)}`
  return `${visibleText(nameOf(frame))}, ${props.amountOf?.(frame) ?? own}`
}
