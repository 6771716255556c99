import { formatTime } from '../format/format-time.ts'
import type { Texts } from '../texts/en.ts'
import type { Language } from '../texts/language.ts'
import type { TimeZone } from '../texts/time-zone.ts'
import { drawSvg } from './draw-svg.ts'
import { type ExportKind, isDataFormat } from './export-kinds.ts'
import { type PageSource, type PictureSource, withClient } from './export-source.ts'
import { copyText } from '../ui/copy-text.ts'
import { fileNameOf, pngOf, saveFile } from '../pictures/save-file.ts'
import { standalonePage } from './standalone-page.ts'
import { comparisonMarkdown, pageMarkdown } from './view-markdown.ts'

export interface Exported {
  readonly page: PageSource
  /** The first one is the picture of the page; a capture has several. */
  readonly pictures: readonly PictureSource[]
  readonly texts: Texts
  readonly language: Language
  readonly zone: TimeZone
}

const SUFFIXES = {
  svg: 'svg',
  png: 'png',
  page: 'html',
  pprof: 'pb.gz',
  folded: 'folded.txt',
  speedscope: 'speedscope.json',
  csv: 'csv',
  json: 'json',
} as const

/** Makes an export and saves it as a file, or copies it. Returns what to tell the reader; `''` for nothing. */
export async function runExport(kind: ExportKind, exported: Exported): Promise<string> {
  const { page, texts } = exported
  if (kind === 'markdown') {
    await copyOrSave(await markdownOf(exported), fileNameOf([page.title], 'md'))
    return texts.copied
  }
  saveFile(await fileOf(kind, exported), fileNameOf([page.title], SUFFIXES[kind]))
  return ''
}

async function fileOf(
  kind: Exclude<ExportKind, 'markdown'>,
  { page, pictures, texts, language, zone }: Exported,
): Promise<Blob> {
  if (kind === 'page') {
    const madeAt = formatTime(new Date().toISOString(), zone)
    return standalonePage(page, pictures, { texts, language, url: location.href, madeAt })
  }
  const [picture] = pictures
  if (picture === undefined) throw new Error('there is no picture')
  return withClient(picture, async (client) => {
    if (isDataFormat(kind)) {
      const of = picture.beforePath === null ? 'profile' : 'difference'
      return client.file({ query: picture.query, format: kind, of })
    }
    const svg = await drawSvg({ client, source: picture, texts })
    return kind === 'png' ? pngOf(svg) : new Blob([svg], { type: 'image/svg+xml' })
  })
}

async function markdownOf({ page, pictures, texts }: Exported): Promise<string> {
  const options = { url: location.href, texts }
  const [picture] = pictures
  if (picture === undefined || pictures.length > 1) return pageMarkdown(page, null, options)
  return withClient(picture, async (client) => {
    const { query, per, beforePath } = picture
    if (beforePath === null) return pageMarkdown(page, await client.top(query), options)
    const { sampleType } = query
    const whole = { side: 'both', zoom: '', hidesChain: true, widthPx: 1 } as const
    const answer = await client.compare({ sampleType, per, ...whole })
    return comparisonMarkdown(page, answer, options)
  })
}

/** Saved as a file where the browser lets no page copy: without HTTPS, or when it took too long. */
async function copyOrSave(text: string, fileName: string): Promise<void> {
  try {
    await copyText(text)
  } catch {
    saveFile(new Blob([text], { type: 'text/markdown' }), fileName)
  }
}
