import { flameSvg } from '../../profile/index.ts'
import { changeColour } from '../flame/flame-colours.ts'
import type { ViewClient } from '../view-worker/view-client.ts'
import type { FlameAnswer } from '../view-worker/view-messages.ts'
import type { PictureSource } from './export-source.ts'

const WIDTH_PX = 1600
const FRAMES_MAX = 3000
/** On white, whatever the page's scheme is. */
const PAPER = { isDark: false, inset: '#eceff3' }

/** The flame graph as an SVG document without script: the zoomed frame below its callers. */
export async function drawSvg(client: ViewClient, source: PictureSource): Promise<string> {
  const answer = await flameOf(client, source)
  const { total, unit } = answer.totals
  return flameSvg(answer, {
    widthPx: WIDTH_PX,
    title: source.title,
    totalValue: total,
    unit,
    colourOf: (row) => {
      const change = answer.frames[row]?.change
      return change === undefined ? null : changeColour(change, PAPER)
    },
  })
}

async function flameOf(client: ViewClient, source: PictureSource): Promise<FlameAnswer> {
  const { query, zoom, hidesChain, isAbsolute } = source
  const range = { from: 0, to: 1 }
  const size = { widthPx: WIDTH_PX, framesMax: FRAMES_MAX, framePxMin: 1 }
  if (source.beforePath === null) return client.flame({ query, zoom, range, hidesChain, ...size })
  const { sampleType } = query
  const widthPx = WIDTH_PX
  const compared = await client.compare({
    sampleType,
    isAbsolute,
    side: 'both',
    zoom,
    hidesChain,
    widthPx,
  })
  if (compared.failure !== null) throw new Error(compared.failure)
  return compared.flame
}
