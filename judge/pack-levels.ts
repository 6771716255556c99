import type { Levels } from '../diagnosis/index.ts'

const VERSION = 1

/** Base64 of 32-bit words: the version, the number of captures, and the columns. */
export function packLevels({ captureCount, keys, means, squares, highest }: Levels): string {
  const isOne = captureCount === 1
  const columns = isOne ? [means] : [means, squares, highest]
  const words = new Uint32Array(2 + keys.length * (1 + columns.length))
  words.set([VERSION, captureCount])
  words.set(keys, 2)
  for (const [place, column] of columns.entries()) {
    words.set(new Uint32Array(column.slice().buffer), 2 + keys.length * (1 + place))
  }
  return Buffer.from(words.buffer).toString('base64')
}

/** Null for text that this version did not write. */
export function unpackLevels(text: string): Levels | null {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  if (bytes.length % 4 !== 0 || bytes.length < 8) return null
  const words = new Uint32Array(bytes.buffer)
  const [version, captureCount = 0] = words
  const columnCount = captureCount === 1 ? 2 : 4
  const length = (words.length - 2) / columnCount
  if (version !== VERSION || !Number.isInteger(length)) return null
  const column = (place: number) => words.slice(2 + place * length, 2 + (place + 1) * length)
  const floats = (place: number) => new Float32Array(column(place).buffer)
  const means = floats(1)
  return captureCount === 1
    ? { captureCount, keys: column(0), means, squares: new Float32Array(length), highest: means }
    : { captureCount, keys: column(0), means, squares: floats(2), highest: floats(3) }
}
