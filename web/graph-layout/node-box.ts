import { formatShare, formatValue } from '../../profile/index.ts'
import { shortFuncName } from '../untrusted/short-func-name.ts'
import { visibleText } from '../untrusted/visible-text.ts'

/** The texts in the box of a function, and its size. */
export interface NodeBox {
  /** The name, in large letters: package, receiver, function. */
  readonly title: readonly string[]
  readonly titlePx: number
  /** What it measured itself, and together with what it calls. */
  readonly amounts: readonly string[]
  readonly widthPx: number
  readonly heightPx: number
}

export interface BoxInput {
  readonly name: string
  readonly flat: number
  readonly cum: number
  readonly unit: string
  /** What shares are of. */
  readonly total: number
  /** The largest flat value of the graph. */
  readonly flatMax: number
}

/** The size of all texts but names. */
export const SMALL_PX = 10
export const LINE_HEIGHT = 1.22
export const PADDING_PX = 6

const LETTERS_MAX = 40
const TITLE_LINES_MAX = 3
/** Of a monospaced font, as a part of its size. */
const LETTER_WIDTH = 0.605
const TITLE_PX_MIN = 10
const TITLE_PX_GROWTH = 14

/** The name is written larger the more the function measured itself, as `pprof` does. */
export function nodeBox({ name, flat, cum, unit, total, flatMax }: BoxInput): NodeBox {
  const title = titleLines(name)
  const growth = flatMax === 0 ? 0 : Math.sqrt(Math.min(Math.abs(flat) / flatMax, 1))
  const titlePx = TITLE_PX_MIN + Math.ceil(growth * TITLE_PX_GROWTH)
  const amount = (value: number) =>
    `${formatValue(value, unit)} (${formatShare(total === 0 ? 0 : value / total)})`
  const amounts = amountLines(flat, cum, amount)
  const textPx = Math.max(
    ...title.map((text) => lettersOf(text) * titlePx),
    ...amounts.map((text) => lettersOf(text) * SMALL_PX),
  )
  const linesPx = title.length * titlePx + amounts.length * SMALL_PX
  return {
    title,
    titlePx,
    amounts,
    widthPx: Math.ceil(textPx * LETTER_WIDTH) + 2 * PADDING_PX,
    heightPx: Math.ceil(linesPx * LINE_HEIGHT) + 2 * PADDING_PX,
  }
}

const WIDE_LETTERS = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\uff60]/g

/** How many letters of a monospaced font a text is wide; Chinese ones take two. */
function lettersOf(text: string): number {
  return text.length + (text.match(WIDE_LETTERS)?.length ?? 0)
}

/** How wide a text beside a line is, in px. */
export function edgeTextPx(text: string): number {
  return Math.ceil(text.length * SMALL_PX * LETTER_WIDTH)
}

const DOT_BETWEEN_PARTS = /\.(?![^[({]*[\])}])/

/** `etcd3`, `(*store)`, `GetList.func1`. */
function titleLines(name: string): readonly string[] {
  const parts = visibleText(shortFuncName(name)).split(DOT_BETWEEN_PARTS)
  const lines = parts.slice(0, TITLE_LINES_MAX - 1)
  const rest = parts.slice(TITLE_LINES_MAX - 1).join('.')
  return (rest === '' ? lines : [...lines, rest]).map(shortened)
}

function shortened(text: string): string {
  return text.length <= LETTERS_MAX ? text : `${text.slice(0, LETTERS_MAX - 1)}…`
}

function amountLines(
  flat: number,
  cum: number,
  amount: (value: number) => string,
): readonly string[] {
  if (flat === cum) return [amount(flat)]
  return flat === 0 ? [`0 of ${amount(cum)}`] : [amount(flat), `of ${amount(cum)}`]
}
