import { drawFlameSvg, packageOfName } from '../../profile/index.ts'
import { changeColour, packageColour, selfColour } from '../flame/flame-colours.ts'
import type { Texts } from '../texts/en.ts'
import { type FlameAnswer, TEXT_VIEWS } from '../view-worker/view-messages.ts'
import type { DrawClient, PictureSource } from './export-source.ts'
import { graphSvg } from './graph-svg.ts'
import { fitted, LETTER_WIDTH, PAPER, svgPage, svgText, TITLE_PX } from '../pictures/svg-page.ts'
import { type SvgTable, tableSvg } from './table-svg.ts'
import {
  foundNames,
  packageTables,
  peekTables,
  tagTables,
  topTables,
  treeTables,
} from './view-tables.ts'

const WIDTH_PX = 1600
const FRAMES_MAX = 3000

interface DrawNeeds {
  readonly client: DrawClient
  readonly source: PictureSource
  readonly texts: Texts
}

/** The shown view as an SVG document without script. Throws where there is nothing to draw. */
export async function drawSvg(needs: DrawNeeds): Promise<string> {
  const { client, source, texts } = needs
  if (source.beforePath !== null) return flameDocument(await comparedFlame(client, source), source)
  const tables = TABLES.get(source.view)
  if (tables !== undefined) {
    const moreText = texts.facetMore
    return tableSvg({ title: source.title, tables: await tables(needs), moreText })
  }
  if (source.view === 'sandwich') return sandwichDocument(needs)
  if (source.view === 'raw') return textDocument(needs)
  if (source.view === 'graph') {
    const { query, nodeCount } = source
    return graphSvg(await client.graph({ query, nodeCount }), source.title)
  }
  return flameDocument(await shownFlame(client, source), source)
}

const TABLES: ReadonlyMap<string, (needs: DrawNeeds) => Promise<readonly SvgTable[]>> = new Map([
  ['top', topTables],
  ['peek', peekTables],
  ['tree', treeTables],
  ['packages', packageTables],
  ['tags', tagTables],
])

const SIZE = { widthPx: WIDTH_PX, framesMax: FRAMES_MAX, framePxMin: 1 } as const

function shownFlame(client: DrawClient, source: PictureSource): Promise<FlameAnswer> {
  const { query, zoom, hidesChain } = source
  return client.flame({ query, zoom, range: { from: 0, to: 1 }, hidesChain, ...SIZE })
}

async function comparedFlame(client: DrawClient, source: PictureSource): Promise<FlameAnswer> {
  const { query, zoom, hidesChain, per } = source
  const { sampleType } = query
  const side = 'both'
  const answer = { sampleType, per, side, zoom, hidesChain, widthPx: WIDTH_PX } as const
  const compared = await client.compare(answer)
  if (compared.failure !== null) throw new Error(compared.failure)
  return compared.flame
}

function flameDocument(answer: FlameAnswer, source: PictureSource): string {
  return drawnFlame(answer, source, source.title, source.direction === 'flame').svg
}

function drawnFlame(
  answer: FlameAnswer,
  { colour }: PictureSource,
  title: string,
  isUpward: boolean,
) {
  const { total, unit } = answer.totals
  const heaviest = answer.frames.reduce((most, { flat }) => Math.max(most, Math.abs(flat)), 0)
  return drawFlameSvg(answer, {
    widthPx: WIDTH_PX,
    title,
    totalValue: total,
    unit,
    isUpward,
    colourOf: (row) => {
      const frame = answer.frames[row]
      if (frame === undefined) return null
      if (frame.change !== undefined) return changeColour(frame.change, LIGHT)
      if (colour === 'package') return packageColour(packageOfName(frame.name), false)
      if (colour === 'subsystem') return null
      return selfColour(heaviest === 0 ? 0 : Math.sqrt(Math.abs(frame.flat) / heaviest), false)
    },
  })
}

const LIGHT = { isDark: false, inset: '#eceff3' }
const SANDWICH_GAP_PX = 12

/** The callers above, upside down, and the callees below, as the page has them. */
async function sandwichDocument(needs: DrawNeeds): Promise<string> {
  const { client, source, texts } = needs
  const { query, selected } = source
  const found = await foundNames(needs)
  const names = found === null ? [selected].filter(Boolean) : [...found]
  const [only = ''] = names
  const title = names.length === 1 ? only : texts.sandwichMany(names.length)
  const answer = names.length === 0 ? null : await client.sandwich({ query, names, title, ...SIZE })
  if (answer === null) throw new Error(texts.sandwichEmpty)
  const above = drawnFlame(answer.callers, source, texts.sandwichCallers, true)
  const below = drawnFlame(answer.callees, source, texts.sandwichCallees, false)
  const belowTop = TITLE_PX + above.heightPx + SANDWICH_GAP_PX
  return svgPage({
    title: `${source.title}: ${title}`,
    widthPx: WIDTH_PX,
    heightPx: belowTop + below.heightPx,
    parts: [
      `<g transform="translate(0 ${TITLE_PX})">${above.svg}</g>`,
      `<g transform="translate(0 ${belowTop})">${below.svg}</g>`,
    ],
  })
}

const LINE_PX = 16
const LINES_MAX = 400
const COLUMNS_MAX = 240

/** A text report of pprof, line by line. */
async function textDocument({ client, source, texts }: DrawNeeds): Promise<string> {
  const format = TEXT_VIEWS.find((known) => known === source.report) ?? 'top'
  const file = await client.file({ query: source.query, format, of: 'profile' })
  const lines = (await file.text()).replace(/\n$/, '').split('\n')
  const shown = lines.slice(0, LINES_MAX).map((line) => line.slice(0, COLUMNS_MAX))
  const leftOut = lines.length - shown.length
  const all = leftOut === 0 ? shown : [...shown, texts.facetMore(leftOut)]
  const letters = all.reduce((most, { length }) => Math.max(most, length), 0)
  const widthPx = Math.max(letters * 11 * LETTER_WIDTH + 24, 320)
  return svgPage({
    title: fitted(source.title, widthPx),
    widthPx,
    heightPx: TITLE_PX + all.length * LINE_PX + 8,
    parts: [
      `<g xml:space="preserve">`,
      ...all.map((line, row) =>
        svgText(line, { x: 8, y: TITLE_PX + (row + 1) * LINE_PX - 4, fill: PAPER.text }),
      ),
      '</g>',
    ],
  })
}
