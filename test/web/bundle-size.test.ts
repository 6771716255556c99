import { execFile } from 'node:child_process'
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const directory = join(root, 'build', `test-bundle-${process.pid}`)

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

let manifest: Manifest = {}
beforeAll(async () => {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', 'web', '--outDir', directory, '--manifest', '--logLevel=error']
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(join(root, 'bin', 'node'), args, { cwd: root, env })
  manifest = JSON.parse(await readFile(join(directory, '.vite', 'manifest.json'), 'utf8'))
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

test('what every page loads first is at most 230 KB of gzip', async () => {
  expect(await kilobytesOf(filesOf('index.html'))).toBeLessThan(230)
})

test('the page of a profile adds at most 90 KB of script, its worker included', async () => {
  const shell = new Set(filesOf('index.html'))
  const page = filesOf('profile-page/ProfilePage.tsx').filter((file) => !shell.has(file))
  const workers = await assetsNamed(/^view-worker-.*\.js$/)
  const scripts = [...page, ...workers].filter((file) => file.endsWith('.js'))
  expect(workers).toHaveLength(1)
  expect(await kilobytesOf(scripts)).toBeLessThan(90)
})

/** The files that an entry loads at once: itself, what it imports, and styles. */
function filesOf(name: string): readonly string[] {
  const found = new Set<string>()
  const add = (key: string) => {
    const chunk = manifest[key]
    if (chunk === undefined) throw new Error(`the build has no ${key}`)
    if (found.has(chunk.file)) return
    found.add(chunk.file)
    for (const style of chunk.css ?? []) found.add(style)
    for (const imported of chunk.imports ?? []) add(imported)
  }
  add(name)
  return [...found]
}

async function assetsNamed(pattern: RegExp): Promise<readonly string[]> {
  const names = await readdir(join(directory, 'assets'))
  return names.filter((name) => pattern.test(name)).map((name) => join('assets', name))
}

async function kilobytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(join(directory, file))).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1000
}
