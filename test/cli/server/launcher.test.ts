import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../../temporary-directory.ts'
import { until } from '../../until.ts'

const LAUNCHER = fileURLToPath(new URL('../../../bin/node', import.meta.url))
const REAL_SETUP = fileURLToPath(new URL('../../../bin/setup.mjs', import.meta.url))
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

test('two commands at once install packages once, and both wait for the end', async () => {
  const root = await cloneWithSlowNpm()
  await Promise.all([start(root), start(root)].map((command) => once(command, 'exit')))
  expect(installsIn(root)).toEqual(['begun', 'ended'])
  expect(existsSync(join(root, 'build/.installing'))).toBe(false)
})

test('an install whose command was killed goes on alone, and the next command makes it whole', async () => {
  const root = await cloneWithSlowNpm('until [ -e go-on ]; do sleep 0.1; done')
  const killed = start(root)
  const holder = () => readFileSync(join(root, 'build/.installing'), 'utf8')
  await until(() => installsIn(root).includes('begun'))
  await until(() => !['', String(killed.pid)].includes(holder()))
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  writeFileSync(join(root, 'go-on'), '')
  await once(start(root), 'exit')
  expect(installsIn(root)).toEqual(['begun', 'ended', 'begun', 'ended'])
  expect(existsSync(join(root, 'node_modules/.kubeprof-packages'))).toBe(true)
})

test('no command runs on packages that are being installed', async () => {
  const root = await cloneWithSlowNpm()
  const first = start(root)
  await until(() => existsSync(join(root, 'node_modules')))
  execFileSync(join(root, 'bin/node'), ['-p', '1'], { env: environment(root), stdio: 'ignore' })
  expect(installsIn(root)).toEqual(['begun', 'ended'])
  await once(first, 'exit')
})

/** A clone without packages, whose npm takes half a second, or longer, to make an empty folder of them. */
async function cloneWithSlowNpm(waits = 'sleep 0.5'): Promise<string> {
  const root = await temporaryDirectory()
  for (const folder of ['bin', 'path']) mkdirSync(join(root, folder))
  copyFileSync(LAUNCHER, join(root, 'bin/node'))
  copyFileSync(REAL_SETUP, join(root, 'bin/setup.mjs'))
  writeFileSync(join(root, 'package-lock.json'), '')
  writeFileSync(join(root, 'installs'), '')
  const npm = ['#!/bin/sh', 'echo begun >>installs', 'mkdir -p node_modules', waits]
  writeFileSync(join(root, 'path/npm'), [...npm, 'echo ended >>installs'].join('\n'), {
    mode: 0o755,
  })
  return root
}

function start(root: string) {
  const args = [join(root, 'bin/setup.mjs'), '--packages']
  return spawn(process.execPath, args, { env: environment(root), stdio: 'ignore' })
}

/** The fake npm first, then the Node of this test, which `bin/node` starts `setup.mjs` with. */
function environment(root: string): NodeJS.ProcessEnv {
  const folders = [join(root, 'path'), dirname(process.execPath), process.env['PATH']]
  return { ...process.env, PATH: folders.join(delimiter) }
}

function installsIn(root: string): readonly string[] {
  return readFileSync(join(root, 'installs'), 'utf8').split('\n').filter(Boolean)
}

function minutesAgo(count: number): Date {
  return new Date(Date.now() - count * 60_000)
}
