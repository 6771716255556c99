import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inflateAhead } from '../../gzip/inflate-ahead.ts'

const texts = Array.from({ length: 90 }, (_, index) => `profile ${index} `.repeat((index % 5) + 1))

test('files come inflated, in their order', async () => {
  const files = texts.map((text) => gzipSync(text))
  expect(await textsOf(files)).toEqual(texts)
})

test.each([
  ['has two members', Buffer.concat([gzipSync('one'), gzipSync('two')])],
  ['has bytes behind it', Buffer.concat([gzipSync('one'), Buffer.from('rest')])],
  ['has zeros behind it', Buffer.concat([gzipSync('one'), Buffer.alloc(8)])],
  ['is cut off', gzipSync('one').subarray(0, -5)],
  ['is damaged', Buffer.from(gzipSync('one one one')).fill(0xff, 12, 14)],
  ['claims another length', lengthClaimed(gzipSync('one'), 4)],
  ['is gzip in gzip', gzipSync(gzipSync('one'))],
  ['is no gzip', Buffer.from('goroutine profile: total 0\n')],
  ['is empty', Buffer.alloc(0)],
])('a file that %s comes as it is, and so do those in its batch', async (_, odd) => {
  const plain = gzipSync('plain')
  const batch = [plain, odd, plain]
  const read: Uint8Array[] = []
  for await (const bytes of inflateAhead(batch)) read.push(bytes)
  expect(read).toEqual(batch)
})

test('of several batches one that has such a file comes as it is, and no other', async () => {
  const files = texts.map((text) => gzipSync(text))
  files[80] = gzipSync('cut off').subarray(0, -3)
  const read = await textsOf(files)
  expect(read.slice(0, 40)).toEqual(texts.slice(0, 40))
  expect(read).toHaveLength(files.length)
  expect(read[80]).toBe(Buffer.from(files[80]).toString())
})

function lengthClaimed(file: Buffer, length: number): Buffer {
  const copy = Buffer.from(file)
  copy.writeUInt32LE(length, copy.length - 4)
  return copy
}

async function textsOf(files: readonly Uint8Array[]): Promise<string[]> {
  const read: string[] = []
  for await (const bytes of inflateAhead(files)) read.push(Buffer.from(bytes).toString())
  return read
}
