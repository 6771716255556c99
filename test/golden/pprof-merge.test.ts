import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodeProfile, profileFromFolded, withBinary, withMapping } from '../../profile/index.ts'
import { exampleProfiles } from '../../bench/inputs/example-profiles.ts'
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

test.skipIf(lacks('pprof'))('a mapping whose file is a URL to Go has no file', async () => {
  const files = [
    '/usr/bin/app',
    'http://host:6060/debug/pprof/heap',
    'https://host/a%2',
    'http://host:port/',
    'C:\\app.exe',
    'file:///usr/bin/app',
    'foo:bar',
    ':x',
    '[vdso]',
    'a b:c',
    'http://[::1]:80/x',
    'http://[::1',
    'mailto:a@b',
    'x:%zz',
    'x:/%zz',
    '1x:y',
    'http://a b/',
    'http://h/a b',
    'x://u:p@h/',
    'x#%zz',
    'x:y#%zz',
    'x:y?%zz',
  ]
  const directory = await temporaryDirectory()
  for (const [index, name] of files.entries()) {
    const file = join(directory, `${index}.pb.gz`)
    const profile = withBinary(withMapping(profileFromFolded('main;a 1', CPU)), {
      file: name,
      buildId: '',
    })
    writeFileSync(file, gzipSync(encodeProfile(profile)))
    const { output } = await runPprofHere(['-raw', file])
    expect(`${name}: ${output}`).toBe(`${name}: ${runPprof(['-raw', file])}`)
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
