import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '../../api/json-value.ts'

const PROFILE_ID = /^[0-9A-Za-z]{26}$/
const SHELL = 'index.html'
const PROFILE_PAGE = 'profile-page/ProfilePage.tsx'

/**
 * What the page of a profile needs next, as elements of its head: the browser then loads the page's code and the
 * columns while the frame of the app starts, instead of one after the other. `''` without a build.
 */
export function profilePageHead(webDirectory: string, id: string): string {
  const file = join(webDirectory, '.vite', 'manifest.json')
  if (!PROFILE_ID.test(id) || !existsSync(file)) return ''
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const shell = filesOf(manifest, SHELL)
  const page = [...filesOf(manifest, PROFILE_PAGE)].filter((path) => !shell.has(path))
  const columns = `/api/v1/profiles/${id}/columns`
  return [
    // As `fetch` asks for it by default, else the browser would load it twice.
    `<link rel="preload" as="fetch" crossorigin href="${columns}">`,
    ...page.map((path) =>
      path.endsWith('.css')
        ? `<link rel="preload" as="style" crossorigin href="/${path}">`
        : `<link rel="modulepreload" crossorigin href="/${path}">`,
    ),
  ].join('')
}

/** The files that an entry of Vite's manifest loads at once: itself, what it imports, and styles. */
function filesOf(manifest: unknown, entry: string): ReadonlySet<string> {
  const files = new Set<string>()
  const add = (name: string) => {
    const chunk = isRecord(manifest) ? manifest[name] : undefined
    if (!isRecord(chunk) || typeof chunk['file'] !== 'string' || files.has(chunk['file'])) return
    files.add(chunk['file'])
    for (const style of textsOf(chunk['css'])) files.add(style)
    for (const imported of textsOf(chunk['imports'])) add(imported)
  }
  add(entry)
  return files
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
