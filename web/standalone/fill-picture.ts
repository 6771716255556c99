import { formatShare } from '../../profile/index.ts'
import { openCanvasFlameRenderer } from '../flame/canvas-flame-renderer.ts'
import { type FlameHighlight, WHOLE_RANGE } from '../flame/flame-renderer.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { DrawnFrame, FlameAnswer, Match } from '../view-worker/view-messages.ts'
import { button, make } from './elements.ts'
import { type DrawnFlame, type OpenedPicture, openPicture } from './open-picture.ts'
import type { PageData, PagePicture, PageTexts } from './page-data.ts'
import { pathOf } from './path-line.ts'
import { searchBar } from './search-bar.ts'

interface Shown {
  readonly picture: PagePicture
  readonly opened: OpenedPicture
}

/**
 * Fills a part of the page with the flame graphs, one at a time, with zoom and search. Returns a function that marks
 * functions in the picture.
 */
export function fillPicture(
  place: HTMLElement,
  data: PageData,
): (frames: readonly string[]) => void {
  const { pictures, texts } = data
  const parts = addParts(place, data)
  const { host, chooser, chain, bar } = parts
  const flame = openFlame(parts, texts)
  const search = searchBar(texts, flame)
  const open = async () => {
    const picture = pictures[Number(chooser.value)]
    if (picture === undefined) return
    chain.checked = picture.hidesChain
    await flame.open(picture)
    search.start(picture.search, picture.isRegex)
  }
  const run = (job: Promise<void>) => void job.catch(flame.fail)
  chooser.addEventListener('change', () => run(open()))
  chain.addEventListener('change', () => run(flame.load()))
  host.addEventListener('keydown', ({ key }) => {
    if (key === '0') flame.zoomTo('')
    if (key === 'Escape') flame.zoomOut()
  })
  if (pictures.length > 1) bar.append(chooser)
  bar.append(
    search.element,
    button(texts.whole, () => flame.zoomTo('')),
    parts.chainLabel,
  )
  run(open())
  let widthPx = host.clientWidth
  new ResizeObserver(() => {
    if (host.clientWidth === widthPx) return
    widthPx = host.clientWidth
    run(flame.load())
  }).observe(host)
  return (frames) => flame.mark(frames)
}

function addParts(place: HTMLElement, { pictures, texts }: PageData) {
  const bar = make('div', { class: 'bar' })
  const path = make('nav', { class: 'path', 'aria-label': texts.whole })
  const host = make('div', { role: 'tree', 'aria-label': texts.flame, class: 'flame' })
  const details = make('p', { class: 'details', role: 'status' }, texts.hint)
  const chain = make('input', { type: 'checkbox' })
  const chainLabel = make('label', {}, chain, ` ${texts.chain}`)
  const chooser = make('select', { 'aria-label': texts.picture })
  for (const [row, { title }] of pictures.entries()) {
    chooser.append(make('option', { value: String(row) }, visibleText(title)))
  }
  place.append(bar, path, host, details)
  return { bar, path, host, details, chain, chainLabel, chooser }
}

/** The flame graph of one picture after another. */
function openFlame(parts: ReturnType<typeof addParts>, texts: PageTexts) {
  const { path, host, details, chain, chainLabel } = parts
  let shown: Shown | null = null
  let drawn: DrawnFlame | null = null
  let range = WHOLE_RANGE
  let zoom = ''
  let highlight: FlameHighlight = { found: null, marked: new Set(), selected: '', subsystem: null }
  const fail = (error: unknown) => {
    details.textContent = `${texts.failed} ${error instanceof Error ? error.message : String(error)}`
  }
  const draw = () => {
    if (drawn === null || shown === null) return
    const { answer } = drawn
    const { frames, focusRow } = answer
    const { direction, colour } = shown.picture
    renderer.setTree({ frames, focusRow, range, widthPx: host.clientWidth, direction, colour })
    path.replaceChildren(...pathOf(answer, texts, zoomTo))
    chainLabel.hidden = !answer.isChainHidden && chain.checked
  }
  const load = async () => {
    if (shown === null) return
    const of = { zoom, widthPx: host.clientWidth, hidesChain: chain.checked }
    drawn = await shown.opened.flame(of)
    draw()
  }
  const zoomTo = (key: string) => {
    zoom = key
    range = WHOLE_RANGE
    load().catch(fail)
  }
  const change = (changes: Partial<FlameHighlight>) => {
    highlight = { ...highlight, ...changes }
    renderer.setHighlight(highlight)
  }
  const describe = (frame: DrawnFrame) => (drawn === null ? '' : detailsOf(frame, drawn, texts))
  const select = (frame: DrawnFrame) => {
    details.textContent = describe(frame)
  }
  const renderer = openCanvasFlameRenderer(host, {
    onPoint: (pointed) => pointed !== null && select(pointed.frame),
    onSelect: select,
    onZoom: ({ key }) => zoomTo(key),
    onMenu: ({ key }) => zoomTo(key),
    onRange(next) {
      range = next
      draw()
    },
    describe,
  })
  return {
    fail,
    load,
    zoomTo,
    zoomOut: () => zoomTo(drawn === null ? '' : outOf(drawn.answer)),
    async open(picture: PagePicture) {
      shown = { picture, opened: await openPicture(picture, texts) }
      zoom = picture.zoom
      range = WHOLE_RANGE
      await load()
    },
    search: async (text: string, isRegex: boolean) =>
      shown?.opened.search(text, { isRegex, hidesChain: chain.checked }) ?? null,
    onFound: (found: ReadonlySet<string> | null) => change({ found }),
    onMatch({ key }: Match) {
      if (!renderer.reveal((frame) => frame.key === key)) zoomTo(key)
    },
    mark(frames: readonly string[]) {
      const marked = new Set(frames)
      change({ marked })
      if (!renderer.reveal(({ name }) => marked.has(name))) zoomTo('')
      host.scrollIntoView({ block: 'nearest' })
    },
  }
}

/** The key of the caller of what is zoomed to. */
function outOf({ frames, focusRow }: FlameAnswer): string {
  const parent = frames[focusRow]?.parent ?? -1
  return frames[parent]?.key ?? ''
}

function detailsOf(
  frame: DrawnFrame,
  { answer: { totals }, format }: DrawnFlame,
  texts: PageTexts,
): string {
  const name = frame.isOther === true ? `+${frame.hiddenCount ?? 0}` : visibleText(frame.name)
  if (frame.change !== undefined) {
    const { before, after, kind } = frame.change
    return `${name}: ${format(before)} → ${format(after)}, ${texts.changes[kind]}`
  }
  const share = formatShare(totals.total === 0 ? 0 : frame.cum / totals.total)
  const own = frame.flat === 0 ? '' : `, ${texts.self} ${format(frame.flat)}`
  return `${name}: ${format(frame.cum)}, ${share}${own}`
}
