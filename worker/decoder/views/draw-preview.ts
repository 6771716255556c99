import type { Level, PreviewQuery } from '../../../api/index.ts'
import { escapeXml } from '../../../profile/index.ts'
import { renderPng } from './render-png.ts'

/** The size that chat programs show without cutting. */
const WIDTH_PX = 1200
const HEIGHT_PX = 630
const MARGIN_PX = 56
const FLAME_TOP_PX = 290
/** As the font file calls itself. */
const BOLD = 'font-family="Inter SemiBold"'
/** The graph is drawn larger than it is on a page, so that names can be read in a small preview. */
const FLAME_SCALE = 1.6
export const PREVIEW_FLAME_PX = (WIDTH_PX - 2 * MARGIN_PX) / FLAME_SCALE
const TITLE_LETTERS = 44
const TITLE_LINES = 2
const FACTS_LETTERS = 90

const COLOURS: Readonly<Record<Level, string>> = {
  critical: '#b42318',
  warning: '#8a5300',
  info: '#1d5a94',
}

/** The picture of a shared profile as PNG: level and title above the top of its flame graph. */
export function drawPreview(query: PreviewQuery, flameSvg: string): Promise<Uint8Array> {
  return renderPng(previewSvg(query, flameSvg))
}

function previewSvg({ level, title, facts }: PreviewQuery, flameSvg: string): string {
  const lines = wrapped(title, TITLE_LETTERS, TITLE_LINES)
  const titleTop = level === null ? 150 : 196
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${HEIGHT_PX}" font-family="Inter">`,
    `<rect width="100%" height="100%" fill="#fff"/><rect width="100%" height="10" fill="#2450c4"/>`,
    `<text x="${MARGIN_PX}" y="74" font-size="30" ${BOLD} fill="#2450c4">kubeprof</text>`,
    `<text x="${WIDTH_PX - MARGIN_PX}" y="74" font-size="24" text-anchor="end" fill="#566072">`,
    `${escapeXml(cut(facts.join(' \u00b7 '), FACTS_LETTERS))}</text>`,
    level === null ? '' : levelMark(level),
    ...lines.map(
      (line, row) =>
        `<text x="${MARGIN_PX}" y="${titleTop + row * 54}" font-size="44" ${BOLD} fill="#1c212a">${escapeXml(line)}</text>`,
    ),
    `<g transform="translate(${MARGIN_PX} ${FLAME_TOP_PX}) scale(${FLAME_SCALE})">${flameSvg}</g></svg>`,
  ].join('')
}

function levelMark(level: Level): string {
  const widthPx = level.length * 13 + 28
  return (
    `<rect x="${MARGIN_PX}" y="100" width="${widthPx}" height="38" rx="8" fill="${COLOURS[level]}"/>` +
    `<text x="${MARGIN_PX + widthPx / 2}" y="127" font-size="23" text-anchor="middle" ${BOLD} fill="#fff">${level}</text>`
  )
}

/** The text in lines of so many letters; what does not fit is cut. */
function wrapped(text: string, letters: number, linesMax: number): readonly string[] {
  const lines: string[] = ['']
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? ''
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + word.length < letters) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  const kept = lines.slice(0, linesMax)
  const rest = lines.length > linesMax ? '\u2026' : ''
  return kept.map((line, row) => cut(row === linesMax - 1 ? line + rest : line, letters))
}

function cut(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}\u2026`
}
