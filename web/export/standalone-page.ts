import { policy, script, style } from 'virtual:viewer'
import type { Finding } from '../../api/index.ts'
import {
  NUMBER,
  type PageData,
  type PageFinding,
  type PagePicture,
} from '../standalone/page-data.ts'
import type { Texts } from '../texts/en.ts'
import { levelText } from '../ui/LevelMark.tsx'
import { visibleText } from '../untrusted/visible-text.ts'
import { NO_FILTERS, hasFilters } from '../view-state/filters.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { TreeQuery } from '../view-worker/view-messages.ts'
import { pageHtml } from './page-html.ts'
import { type PageSource, type PictureSource, withClient } from './export-source.ts'

export interface PageOptions {
  readonly texts: Texts
  readonly language: string
  /** Of the page in this app. */
  readonly url: string
  /** When it was made, as text. */
  readonly madeAt: string
}

/**
 * One HTML file with flame graphs that zoom and search. Its policy lets it run its own script and nothing else, and load
 * nothing; names are data in it, never markup. It has what the filters leave, and no labels.
 */
export async function standalonePage(
  source: PageSource,
  sources: readonly PictureSource[],
  options: PageOptions,
): Promise<Blob> {
  const pictures: PagePicture[] = []
  for (const picture of sources) {
    pictures.push(await withClient(picture, (client) => pagePicture(client, picture)))
  }
  const data = pageData(source, pictures, options)
  const html = pageHtml(data, { script, style, policy, language: options.language })
  return new Blob([html], { type: 'text/html' })
}

function pageData(
  { title, facts, report }: PageSource,
  pictures: readonly PagePicture[],
  { texts, url, madeAt }: PageOptions,
): PageData {
  return {
    title: visibleText(title),
    facts: facts.map(visibleText),
    origin: { url, text: texts.exportMadeAt(madeAt) },
    findings: (report?.findings ?? []).map((finding) => pageFinding(finding, texts)),
    pictures,
    texts: {
      search: texts.searchPlaceholder,
      regex: texts.searchRegex,
      next: texts.matchNext,
      previous: texts.matchPrevious,
      noMatch: texts.searchNothing,
      whole: texts.pathRoot,
      chain: texts.exportChain,
      flame: texts.flameLabel,
      picture: texts.exportPicture,
      findings: texts.inboxTitle,
      show: texts.findingFrames,
      remedy: texts.remedy,
      self: texts.flat,
      hint: texts.exportHint,
      failed: texts.exportUnreadable,
      changes: texts.compareStatus,
      cores: texts.cores(NUMBER),
      perRequest: texts.perRequest(NUMBER),
    },
  }
}

function pageFinding(finding: Finding, texts: Texts): PageFinding {
  const { level, title, meaning, remedy, frames } = finding
  return {
    level,
    levelText: levelText(level, texts),
    title: visibleText(title),
    meaning: visibleText(meaning),
    remedy: remedy.map(visibleText),
    frames,
  }
}

async function pagePicture(client: ViewClient, source: PictureSource): Promise<PagePicture> {
  const { title, query, per, direction, colour, hidesChain, zoom, search, isRegex } = source
  const isCompared = source.beforePath !== null
  const shown: TreeQuery = isCompared ? { ...query, filters: NO_FILTERS } : query
  const { totals } = await client.flame({
    query: shown,
    zoom: '',
    range: { from: 0, to: 1 },
    hidesChain: false,
    framesMax: 1,
    widthPx: 1,
    framePxMin: 1,
  })
  const columnsOf = async (of: 'profile' | 'before') =>
    packed(await client.file({ query: shown, format: 'columns', of }))
  return {
    title,
    columns: await columnsOf('profile'),
    before: isCompared ? await columnsOf('before') : null,
    isRepaired: hasFilters(shown.filters),
    total: totals.total,
    per,
    direction,
    colour,
    hidesChain,
    zoom,
    search,
    isRegex,
  }
}

const CHUNK_BYTES = 0x8000

/** In gzip, in base64. */
async function packed(file: Blob): Promise<string> {
  const stream = file.stream().pipeThrough(new CompressionStream('gzip'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const parts: string[] = []
  for (let first = 0; first < bytes.length; first += CHUNK_BYTES) {
    parts.push(String.fromCharCode(...bytes.subarray(first, first + CHUNK_BYTES)))
  }
  return btoa(parts.join(''))
}
