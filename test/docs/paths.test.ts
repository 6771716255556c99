import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

test.each(pages)('%s links to files that exist', (page) => {
  const links = [...withoutCode(textOf(page)).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
  const missing = links
    .map(([, link = '']) => relative(root, join(root, dirname(page), link)))
    .filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

test.each(pages)('%s names source files that exist', (page) => {
  const names = [...textOf(page).matchAll(/`((?:[a-z.][\w.-]*\/)+[\w.-]*)`/g)]
  const missing = names
    .map(([, name = '']) => name)
    .filter((name) => isOfThisRepository(name) && !existsSync(join(root, name)))
  expect(missing).toEqual([])
})

function withoutCode(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
}

/** Packages of Go have slashes too; a path of ours begins with one of our folders. */
function isOfThisRepository(name: string): boolean {
  const [folder = ''] = name.split('/')
  return OUR_FOLDERS.has(folder) && !name.startsWith('build/')
}

const OUR_FOLDERS = new Set(
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name),
)

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}
