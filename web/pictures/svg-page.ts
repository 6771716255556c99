import { escapeXml } from '../../profile/index.ts'
import { visibleText } from '../untrusted/visible-text.ts'

/** On white, whatever the page's scheme is. */
export const PAPER = {
  ground: '#ffffff',
  inset: '#f1f3f6',
  line: '#cfd5de',
  text: '#1c212a',
  muted: '#566072',
  bar: '#d9e4fb',
} as const

const FONT = 'ui-monospace,Menlo,Consolas,monospace'
/** Of a monospaced font, as a part of its size. */
export const LETTER_WIDTH = 0.605
const TITLE_LETTER_PX = 13 * LETTER_WIDTH
/** Where what is below the title begins. */
export const TITLE_PX = 30

export interface SvgPage {
  readonly title: string
  readonly widthPx: number
  readonly heightPx: number
  readonly parts: readonly string[]
}

/**
 * An SVG document: shapes and text, no script, no link, nothing fetched, so that it may be embedded anywhere. Names come
 * from outside and are escaped.
 */
export function svgPage({ title, widthPx, heightPx, parts }: SvgPage): string {
  const [width, height] = [Math.ceil(widthPx), Math.ceil(heightPx)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="11">`,
    `<rect width="100%" height="100%" fill="${PAPER.ground}"/>`,
    svgText(fitted(title, widthPx - 16, TITLE_LETTER_PX), { x: 8, y: 19, size: 13 }),
    ...parts,
    '</svg>\n',
  ].join('\n')
}

export interface TextPlace {
  readonly x: number
  /** Of the baseline. */
  readonly y: number
  readonly size?: number
  readonly anchor?: 'middle' | 'end'
  readonly fill?: string
  readonly isBold?: boolean
  /** True where lines may pass below it. */
  readonly hasHalo?: boolean
}

export function svgText(text: string, place: TextPlace): string {
  const { x, y, size, anchor, fill = PAPER.text } = place
  const attributes = [
    `x="${px(x)}" y="${px(y)}" fill="${fill}"`,
    size === undefined ? '' : ` font-size="${size}"`,
    anchor === undefined ? '' : ` text-anchor="${anchor}"`,
    place.isBold === true ? ' font-weight="600"' : '',
    place.hasHalo === true ? ` paint-order="stroke" stroke="${PAPER.ground}" stroke-width="3"` : '',
  ]
  return `<text ${attributes.join('')}>${escapeXml(visibleText(text))}</text>`
}

/** A text that ends in … where it is wider than its room. */
export function fitted(text: string, roomPx: number, letterPx = 11 * LETTER_WIDTH): string {
  const lettersMax = Math.max(Math.floor(roomPx / letterPx), 1)
  return text.length <= lettersMax ? text : `${text.slice(0, lettersMax - 1)}…`
}

export function px(value: number): string {
  return String(Math.round(value * 100) / 100)
}
