import { readFile } from 'node:fs/promises'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

/** A picture of more is drawn smaller: a pixel takes eight bytes and a microsecond. */
const PIXELS_MAX = 8_000_000

/** An SVG document as PNG, in its own size unless that is huge. Letters that the font lacks are left out. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const fontBuffers = await loadRenderer()
  const font = { fontBuffers, defaultFontFamily: 'Inter', monospaceFamily: 'Inter' }
  const whole = new Resvg(svg, { font })
  const zoom = Math.sqrt(PIXELS_MAX / (whole.width * whole.height))
  if (zoom >= 1) return pngOf(whole)
  whole.free()
  return pngOf(new Resvg(svg, { font, fitTo: { mode: 'zoom', value: zoom } }))
}

/** Frees what it is given: the renderer's memory is none that the engine collects in time. */
function pngOf(drawing: InstanceType<typeof Resvg>): Uint8Array {
  try {
    const image = drawing.render()
    try {
      return image.asPng()
    } finally {
      image.free()
    }
  } finally {
    drawing.free()
  }
}

let renderer: Promise<Uint8Array[]> | null = null

/** Loads the renderer and its fonts once, when the first picture is asked for. */
function loadRenderer(): Promise<Uint8Array[]> {
  renderer ??= (async () => {
    const wasm = new URL(import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'))
    await initWasm(await readFile(wasm))
    const fonts = ['inter-regular.ttf', 'inter-semibold.ttf']
    return Promise.all(fonts.map((name) => readFile(new URL(`fonts/${name}`, import.meta.url))))
  })()
  return renderer
}
