import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { decoderEntry } from '../../worker/pool/decoder-entry.ts'
import { temporaryDirectory } from '../temporary-directory.ts'

const SOURCE = 'worker/decoder/decoder-main.ts'
const LIST = 'build/bundles/decoder.json'
const BUNDLE = 'build/bundles/decoder-1.mjs'

test('a decoder runs the bundle, and the source while one is newer or the bundle is not whole', async () => {
  const root = await temporaryDirectory()
  const entry = () => decoderEntry(pathToFileURL(`${root}/`)).slice(root.length + 1)
  for (const folder of ['worker/decoder', 'build/bundles']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  writeFileSync(join(root, SOURCE), '')
  expect(entry()).toBe(SOURCE)

  writeFileSync(join(root, BUNDLE), '')
  writeFileSync(join(root, LIST), JSON.stringify({ entry: BUNDLE, sources: [SOURCE] }))
  utimesSync(join(root, SOURCE), 1, 1)
  expect(entry()).toBe(BUNDLE)

  utimesSync(join(root, LIST), 0, 0)
  expect(entry()).toBe(SOURCE)

  utimesSync(join(root, LIST), 2, 2)
  rmSync(join(root, BUNDLE))
  expect(entry()).toBe(SOURCE)

  writeFileSync(join(root, LIST), '{}')
  expect(entry()).toBe(SOURCE)
})
