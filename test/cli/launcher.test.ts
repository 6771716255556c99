import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../temporary-directory.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/node', import.meta.url))
/** Installs nothing: counts how often it was asked to. */
const SETUP = `
import { appendFileSync, writeFileSync } from 'node:fs'
appendFileSync(new URL('../installs', import.meta.url), 'x')
writeFileSync(new URL('../node_modules/.kubeprof-packages', import.meta.url), '')
`

test('packages are installed again when the lock file is newer than they are, and only then', async () => {
  const root = await temporaryDirectory()
  for (const folder of ['bin', 'node_modules']) mkdirSync(join(root, folder))
  copyFileSync(LAUNCHER, join(root, 'bin/node'))
  writeFileSync(join(root, 'bin/setup.mjs'), SETUP)
  for (const file of ['installs', 'package-lock.json', 'node_modules/.kubeprof-packages']) {
    writeFileSync(join(root, file), '')
  }
  const launch = () =>
    execFileSync(join(root, 'bin/node'), ['-p', '"ran"'], { encoding: 'utf8' }).trim()
  const stamp = join(root, 'node_modules/.kubeprof-packages')

  utimesSync(join(root, 'package-lock.json'), minutesAgo(2), minutesAgo(2))
  utimesSync(stamp, minutesAgo(1), minutesAgo(1))
  expect(launch()).toBe('ran')
  expect(readFileSync(join(root, 'installs'), 'utf8')).toBe('')

  utimesSync(stamp, minutesAgo(3), minutesAgo(3))
  expect([launch(), launch()]).toEqual(['ran', 'ran'])
  expect(readFileSync(join(root, 'installs'), 'utf8')).toBe('x')
})

function minutesAgo(count: number): Date {
  return new Date(Date.now() - count * 60_000)
}
