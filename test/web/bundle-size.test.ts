import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { prepareWebBuild } from '../web-build.ts'

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

let directory = ''
let manifest: Manifest = {}
beforeAll(async () => {
  directory = await prepareWebBuild()
  manifest = JSON.parse(await readFile(join(directory, '.vite', 'manifest.json'), 'utf8'))
})

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
