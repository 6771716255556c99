import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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
    expect(runPprof([report, path])).toBe(runPprof([report, ...files]))
  },
)

function runPprof(args: readonly string[]): string {
  const { stdout, status } = spawnSync(find('pprof') ?? 'pprof', args, {
    env: { TZ: 'UTC' },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  expect(status).toBe(0)
  return stdout
}
