import { expect, test } from 'vitest'
import { renderPng } from '../../worker/decoder/views/render-png.ts'

test.each([
  [300, 200, 300, 200],
  [4000, 8000, 2000, 4000],
])('a picture of %i by %i pixels becomes one of %i by %i', async (width, height, ...expected) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`
  const png = Buffer.from(await renderPng(svg))
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(expected)
})
