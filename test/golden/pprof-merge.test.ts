import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeProfile, profileFromFolded } from '../../profile/index.ts'
import { exampleProfiles } from '../../bench/example-profiles.ts'
import { find, lacks } from '../requirements.ts'
import { temporaryDirectory } from '../temporary-directory.ts'
import { runPprofHere } from './run-pprof.ts'

test.skipIf(lacks('pprof')).each(['-raw', '-top', '-traces'])(
  'what is merged and written with -proto is to pprof what it merges itself: %s',
  async (report) => {
    const files = [...exampleProfiles(), ...exampleProfiles()]
    const path = join(await temporaryDirectory(), 'merged.pb.gz')
    const { exitCode } = await runPprofHere(['-proto', `-output=${path}`, ...files])
    expect(exitCode).toBe(0)
    const theirs = join(await temporaryDirectory(), 'merged.pb.gz')
    runPprof(['-proto', `-output=${theirs}`, ...files])
    expect(runPprof([report, path])).toBe(runPprof([report, theirs]))
  },
)

test.skipIf(lacks('pprof'))('what shrank is drawn in the colours of pprof', async () => {
  const directory = await temporaryDirectory()
  const [before, after] = [90, 10].map((value, index) => {
    const file = join(directory, `${index}.pb.gz`)
    const profile = profileFromFolded(`main;a ${value}\nmain;b ${100 - value * 2}`, CPU)
    writeFileSync(file, gzipSync(encodeProfile(profile)))
    return file
  })
  const args = ['-dot', '-diff_base', before ?? '', after ?? '']
  const { output } = await runPprofHere(args)
  expect(output).toContain('#')
  expect(output).toBe(runPprof(args))
})

test.skipIf(lacks('pprof'))('-proto opens on the sample type that was chosen', async () => {
  const file = exampleProfiles()[0] ?? ''
  for (const flag of ['-sample_index=0', '-sample_index=1', '-mean']) {
    const path = join(await temporaryDirectory(), 'chosen.pb.gz')
    await runPprofHere(['-proto', flag, `-output=${path}`, file])
    const theirs = join(await temporaryDirectory(), 'chosen.pb.gz')
    runPprof(['-proto', flag, `-output=${theirs}`, file])
    expect(runPprof(['-raw', path])).toBe(runPprof(['-raw', theirs]))
  }
})

const CPU = { type: 'cpu', unit: 'nanoseconds' }

function runPprof(args: readonly string[]): string {
  const { stdout, status } = spawnSync(find('pprof') ?? 'pprof', args, {
    env: { TZ: 'UTC' },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  expect(status).toBe(0)
  return stdout
}
