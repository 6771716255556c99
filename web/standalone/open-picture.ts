import { decodeColumns, formatValue, type Profile, repairForViews } from '../../profile/index.ts'
import { formatCompared } from '../format/format-change.ts'
import { WHOLE_RANGE } from '../flame/flame-renderer.ts'
import { NO_FILTERS } from '../view-state/filters.ts'
import { answerCompare } from '../view-worker/answer-compare.ts'
import { answerFlame } from '../view-worker/answer-flame.ts'
import { answerSearch } from '../view-worker/answer-search.ts'
import { cacheViews, type OpenViews } from '../view-worker/open-views.ts'
import type { FlameAnswer, SearchAnswer } from '../view-worker/view-messages.ts'
import { NUMBER, type PagePicture, type PageTexts } from './page-data.ts'

const QUERY = { sampleType: '', filters: NO_FILTERS }
const FRAMES_MAX = 3000

export interface FlameOf {
  readonly zoom: string
  readonly widthPx: number
  readonly hidesChain: boolean
}

/** The frames to draw, and how their values are written. */
export interface DrawnFlame {
  readonly answer: FlameAnswer
  readonly format: (value: number) => string
}

/** A picture that can be asked for what it shows. All calls may throw a `RegexError`. */
export interface OpenedPicture {
  readonly flame: (of: FlameOf) => Promise<DrawnFlame>
  readonly search: (
    text: string,
    options: { readonly isRegex: boolean; readonly hidesChain: boolean },
  ) => Promise<SearchAnswer>
}

/** Reads the columns of a picture. */
export async function openPicture(picture: PagePicture, texts: PageTexts): Promise<OpenedPicture> {
  const profile = await readProfile(picture.columns, picture.isRepaired)
  const before = picture.before === null ? null : await readProfile(picture.before, false)
  const views = withTotal(cacheViews(profile, profile, before), picture.total)
  const { per } = picture
  return {
    flame: (of) => (before === null ? flame(views, of) : difference(views, of, per, texts)),
    search: (text, options) => answerSearch(views, { query: QUERY, text, ...options }),
  }
}

async function flame(views: OpenViews, of: FlameOf): Promise<DrawnFlame> {
  const size = { range: WHOLE_RANGE, framesMax: FRAMES_MAX, framePxMin: 1 }
  const answer = await answerFlame(views, { query: QUERY, ...size, ...of })
  return { answer, format: (value) => formatValue(value, answer.totals.unit) }
}

async function difference(
  views: OpenViews,
  of: FlameOf,
  per: PagePicture['per'],
  { cores, perRequest }: PageTexts,
): Promise<DrawnFlame> {
  const found = await answerCompare(views, { sampleType: '', per, side: 'both', ...of })
  if (found.failure !== null) throw new Error(found.failure)
  const written = {
    cores: (text: string) => cores.replace(NUMBER, text),
    perRequest: (text: string) => perRequest.replace(NUMBER, text),
  }
  return { answer: found.flame, format: (value) => formatCompared(value, found.diff, written) }
}

/** Shares are of the whole profile, of which the page has what the filters left. */
function withTotal(views: OpenViews, value: number): OpenViews {
  return {
    ...views,
    async find(query) {
      const view = await views.find(query)
      return { ...view, total: { ...view.total, value } }
    },
  }
}

async function readProfile(base64: string, isRepaired: boolean): Promise<Profile> {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const profile = decodeColumns(new Uint8Array(await new Response(stream).arrayBuffer()))
  return isRepaired ? profile : repairForViews(profile)
}
