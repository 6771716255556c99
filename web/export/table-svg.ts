import {
  fitted,
  LETTER_WIDTH,
  PAPER,
  px,
  svgPage,
  svgText,
  TITLE_PX,
} from '../pictures/svg-page.ts'

/** A table to be drawn: cells are texts. */
export interface SvgTable {
  readonly heading?: string
  readonly columns: readonly SvgColumn[]
  readonly rows: readonly SvgRow[]
  /** How many rows there are in all; what is left out is said below. */
  readonly rowCount: number
}

export interface SvgColumn {
  readonly title: string
  readonly widthPx: number
  readonly isNumber: boolean
}

export interface SvgRow {
  readonly cells: readonly string[]
  /** How far the last cell is moved right. */
  readonly indentPx?: number
  /** 0 to 1: how wide the bar behind the first cell is. */
  readonly share?: number
}

const ROW_PX = 20
const PADDING_PX = 8
const GAP_PX = 14

export interface TablePage {
  readonly title: string
  readonly tables: readonly SvgTable[]
  /** What to write for rows that are left out. */
  readonly moreText: (count: number) => string
}

/** Tables below each other as an SVG document. */
export function tableSvg({ title, tables, moreText }: TablePage): string {
  const widthPx = Math.max(...tables.map(({ columns }) => widthOf(columns)), 320)
  const parts: string[] = []
  let y = TITLE_PX
  for (const table of tables) {
    if (table.heading !== undefined) {
      parts.push(
        svgText(fitted(table.heading, widthPx), { x: PADDING_PX, y: y + 15, isBold: true }),
      )
      y += ROW_PX + 4
    }
    parts.push(...drawHead(table.columns, y))
    y += ROW_PX
    for (const row of table.rows) {
      parts.push(...drawRow(row, table.columns, y))
      y += ROW_PX
    }
    const leftOut = table.rowCount - table.rows.length
    if (leftOut > 0) {
      parts.push(svgText(moreText(leftOut), { x: PADDING_PX, y: y + 14, fill: PAPER.muted }))
      y += ROW_PX
    }
    y += GAP_PX
  }
  return svgPage({ title, widthPx, heightPx: y, parts })
}

function widthOf(columns: readonly SvgColumn[]): number {
  return columns.reduce((sum, { widthPx }) => sum + widthPx + GAP_PX, 2 * PADDING_PX)
}

function drawHead(columns: readonly SvgColumn[], y: number): readonly string[] {
  const line = `<path d="M0 ${y + ROW_PX - 0.5}H${widthOf(columns)}" stroke="${PAPER.line}"/>`
  const texts = placed(columns).map(({ column, left }) =>
    cellText(column.title, { column, left, y, fill: PAPER.muted }),
  )
  return [...texts, line]
}

function drawRow(row: SvgRow, columns: readonly SvgColumn[], y: number): readonly string[] {
  const { cells, indentPx = 0, share = 0 } = row
  const places = placed(columns)
  const [first] = places
  const barPx = first === undefined ? 0 : Math.min(Math.abs(share), 1) * first.column.widthPx
  const bar = `<rect x="${PADDING_PX}" y="${y + 2}" width="${px(barPx)}" height="${ROW_PX - 4}" fill="${PAPER.bar}"/>`
  const texts = places.map(({ column, left }, place) => {
    const moved = place === columns.length - 1 ? indentPx : 0
    return cellText(cells[place] ?? '', { column, left: left + moved, y, fill: PAPER.text })
  })
  return [bar, ...texts]
}

function placed(columns: readonly SvgColumn[]) {
  let left = PADDING_PX
  return columns.map((column) => {
    const place = { column, left }
    left += column.widthPx + GAP_PX
    return place
  })
}

interface CellPlace {
  readonly column: SvgColumn
  readonly left: number
  readonly y: number
  readonly fill: string
}

function cellText(text: string, { column, left, y, fill }: CellPlace): string {
  if (!column.isNumber) return svgText(text, { x: left, y: y + 14, fill })
  return svgText(text, { x: left + column.widthPx, y: y + 14, fill, anchor: 'end' })
}

/** A column as wide as its texts. */
export function column(
  title: string,
  isNumber: boolean,
  texts: readonly string[],
  widthMaxPx = 900,
): SvgColumn {
  const letters = texts.reduce((most, text) => Math.max(most, text.length), title.length)
  return { title, isNumber, widthPx: Math.min(Math.ceil(letters * 11 * LETTER_WIDTH), widthMaxPx) }
}
