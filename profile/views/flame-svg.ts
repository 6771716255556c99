import { formatShare, formatValue } from '../units/format-quantity.ts'
import type { FlameFrame, FlameView } from './flame-view.ts'
import type { SubsystemId } from './subsystem-table.ts'

export interface FlameSvgOptions {
  readonly widthPx: number
  /** Drawn above the graph. */
  readonly title: string
  /** What shares are of. */
  readonly totalValue: number
  readonly unit: string
  /** True where callers are below what they call, and the root is at the bottom. */
  readonly isUpward?: boolean
  /** The colour of a row of `frames`; `null`, or without this, that of its subsystem. */
  readonly colourOf?: (row: number) => string | null
}

/** Muted hues that black text stays readable on; the collector and the allocator stand out. */
const SUBSYSTEM_COLOURS: Readonly<Record<SubsystemId, string>> = {
  request: '#8fb8e8',
  auth: '#b7a6e6',
  admission: '#cf9fe0',
  'watch-cache': '#7fd0c4',
  storage: '#f0a868',
  etcd: '#e8b98a',
  encoding: '#efd26a',
  compression: '#d8c26e',
  tls: '#b9cf74',
  net: '#9bd08c',
  client: '#7cc6e0',
  informer: '#86d3b0',
  controller: '#a3b7f0',
  scheduling: '#c2b3ec',
  node: '#b8c6d8',
  openapi: '#d9b8d4',
  logging: '#d6b48f',
  gc: '#f08a80',
  allocation: '#f5aea0',
  runtime: '#cfd3da',
  library: '#dfe2e6',
  other: '#e9ebee',
}

const ROW_PX = 18
const TITLE_PX = 26
const TEXT_PX_PER_LETTER = 6.6
const TEXT_PX_MIN = 30

/**
 * The flame graph as an SVG document: rectangles and text, no script, no link, nothing fetched, so that it may be embedded
 * anywhere. Names come from outside and are escaped.
 */
export function flameSvg(flame: FlameView, options: FlameSvgOptions): string {
  return drawFlameSvg(flame, options).svg
}

/** As `flameSvg`, with the height of the document: it may be a part of another. */
export function drawFlameSvg(
  flame: FlameView,
  options: FlameSvgOptions,
): { readonly svg: string; readonly heightPx: number } {
  const places = placeFrames(flame, options.widthPx)
  const rowCount = places.reduce((rows, place) => Math.max(rows, place.row + 1), 0)
  const heightPx = TITLE_PX + rowCount * ROW_PX + 4
  const { widthPx, isUpward = false } = options
  const topOf = ({ row }: Place) => TITLE_PX + (isUpward ? rowCount - 1 - row : row) * ROW_PX
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}"`,
    ` viewBox="0 0 ${widthPx} ${heightPx}" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="11">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="6" y="17" font-size="13" fill="#1f2933">${escapeXml(options.title)}</text>`,
    ...flame.frames.map((frame, index) => {
      const place = places[index]
      const colour = options.colourOf?.(index) ?? null
      return drawFrame(frame, { ...place, topPx: topOf(place) }, { ...options, colour })
    }),
    '</svg>\n',
  ].join('\n')
  return { svg, heightPx }
}

interface Place {
  readonly row: number
  readonly x: number
  readonly width: number
}

/** Callers come first, so one pass finds the row of each frame. */
function placeFrames({ frames, focusRow }: FlameView, widthPx: number): Place[] {
  const places: Place[] = []
  const pxPerUnit = widthPx / (frames[focusRow].weight || 1)
  for (const [index, frame] of frames.entries()) {
    const parent = frame.parent < 0 ? null : places[frame.parent]
    places.push({
      row: parent === null ? 0 : parent.row + 1,
      x: frame.start * pxPerUnit,
      width: index <= focusRow ? widthPx : frame.weight * pxPerUnit,
    })
  }
  return places
}

function drawFrame(
  frame: FlameFrame,
  place: Place & { readonly topPx: number },
  options: FlameSvgOptions & { readonly colour: string | null },
): string {
  const { x, width, topPx: y } = place
  const name = frame.isOther === true ? `+${frame.hiddenCount} smaller` : frame.name
  const fill =
    frame.isOther === true ? '#f3f4f6' : (options.colour ?? SUBSYSTEM_COLOURS[frame.subsystem])
  const share = options.totalValue === 0 ? 0 : frame.cum / options.totalValue
  const tip = `${name} ${formatValue(frame.cum, options.unit)} (${formatShare(share)})`
  const stroke = frame.isInferred === true ? ' stroke="#64748b" stroke-dasharray="3 2"' : ''
  const fade = frame.isAncestor === true ? ' fill-opacity="0.5"' : ''
  const rect =
    `<rect x="${x.toFixed(2)}" y="${y}" width="${Math.max(width - 0.5, 0.2).toFixed(2)}"` +
    ` height="${ROW_PX - 1}" rx="1.5" fill="${fill}"${fade}${stroke}/>`
  return `<g><title>${escapeXml(tip)}</title>${rect}${drawText(name, x, y, width)}</g>`
}

function drawText(name: string, x: number, y: number, width: number): string {
  if (width < TEXT_PX_MIN) return ''
  const lettersMax = Math.floor((width - 6) / TEXT_PX_PER_LETTER)
  const short = shortName(name)
  const text = short.length <= lettersMax ? short : `${short.slice(0, lettersMax - 1)}…`
  return `<text x="${(x + 3).toFixed(2)}" y="${y + 13}" fill="#1f2933">${escapeXml(text)}</text>`
}

/** Without the directories of the package: `etcd3.(*store).GetList`. */
function shortName(name: string): string {
  const bracket = name.search(/[[({]/)
  const plain = bracket === -1 ? name : name.slice(0, bracket)
  return name.slice(plain.lastIndexOf('/') + 1)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Also replaces what XML 1.0 has no place for, and the marks that turn the direction of text. */
export function escapeXml(text: string): string {
  return text
    .replace(/(?![\t\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (letter) => ENTITIES[letter])
}
