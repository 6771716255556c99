import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { find, lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { runPprofHere } from './run-pprof.ts'
import { itemOf } from '../item-of.ts'

const folder = fileURLToPath(new URL('../fixtures/conformance/own/', import.meta.url))
/** Reports whose order is pprof's own also where values are of both signs. */
const COMMANDS = [
  '-top',
  '-raw',
  '-traces',
  '-tags',
  '-top -lines -cum',
  '-top -addresses',
  '-top -mean',
  '-top -show=e',
  '-traces -focus=a',
].map((flags) => flags.split(' '))
const PROFILE_COUNT = 200

test.skipIf(lacks('pprof'))('damaged profiles are judged and printed as by pprof', async () => {
  const pprof = find('pprof') ?? 'pprof'
  const path = join(await temporaryDirectory(), 'damaged.pb')
  const files = readdirSync(folder)
  const below = countingRandom(20)
  const different: string[] = []
  let acceptedCount = 0
  for (let index = 0; index < PROFILE_COUNT; index++) {
    const bytes = gunzipSync(readFileSync(join(folder, itemOf(files, below(files.length)))))
    const at = below(bytes.length)
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << below(8)), at)
    writeFileSync(path, bytes)
    const args = [...itemOf(COMMANDS, below(COMMANDS.length)), '-symbolize=none', path]
    const theirs = spawnSync(pprof, args, { env: { TZ: 'UTC' }, encoding: 'utf8' })
    const ours = await runPprofHere(args)
    // Bytes that are no UTF-8 are printed as U+FFFD.
    if (ours.output.includes('\ufffd')) continue
    const isSame = (theirs.status === 0) === (ours.exitCode === 0) && theirs.stdout === ours.output
    if (!isSame) different.push(`${index}: ${args.join(' ')}`)
    if (ours.exitCode === 0) acceptedCount++
  }
  expect(different).toEqual([])
  expect(acceptedCount).toBeGreaterThan(PROFILE_COUNT / 10)
})

/** Numbers below a limit, the same in every run. */
function countingRandom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return (state >>> 8) % limit
  }
}
