import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'

const VIEWER_ID = 'virtual:viewer'
const root = fileURLToPath(new URL('.', import.meta.url))
const CACHE_FILE = join(root, '..', 'build', 'web-viewer.json')
/** All that its code may be made of; making it takes seconds. */
const SOURCES = ['web', 'profile', 'api'].map((folder) => `${folder}/**/*.{ts,css}`)

/**
 * `import { script, style, policy } from 'virtual:viewer'` is the code of pages that stand alone, in one piece, and the
 * content security policy that allows this code and nothing else.
 */
export function viewerPlugin(): Plugin {
  return {
    name: 'viewer',
    resolveId: (id) => (id === VIEWER_ID ? `\0${VIEWER_ID}` : null),
    load: async (id) => (id === `\0${VIEWER_ID}` ? moduleOf(await viewerOnce()) : null),
  }
}

interface Viewer {
  readonly script: string
  readonly style: string
}

/** The viewer of these sources, made once. */
async function viewerOnce(): Promise<Viewer> {
  const hash = createHash('sha256')
  const files = globSync([...SOURCES, 'package-lock.json'], { cwd: join(root, '..') })
  for (const file of files.toSorted()) {
    hash.update(`${file}\0`).update(readFileSync(join(root, '..', file)))
  }
  const key = hash.digest('hex')
  const kept = readCache()
  if (kept.startsWith(key)) return JSON.parse(kept.slice(key.length))
  const viewer = await buildViewer()
  mkdirSync(dirname(CACHE_FILE), { recursive: true })
  writeFileSync(CACHE_FILE, key + JSON.stringify(viewer))
  return viewer
}

function readCache(): string {
  try {
    return readFileSync(CACHE_FILE, 'utf8')
  } catch {
    return ''
  }
}

async function buildViewer(): Promise<Viewer> {
  const built = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: {
      write: false,
      target: ['chrome123', 'firefox120', 'safari17.5'],
      lib: { entry: 'standalone/viewer.ts', formats: ['iife'], name: 'viewer' },
      rolldownOptions: {
        treeshake: { moduleSideEffects: (id) => !/\/(profile|api)\//.test(id) },
      },
    },
  })
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  const script = outputs.find((one) => one.type === 'chunk')?.code ?? ''
  const css = outputs.find((one) => one.type === 'asset' && one.fileName.endsWith('.css'))
  const style = css?.type === 'asset' ? String(css.source) : ''
  if (script === '' || style === '') throw new Error('the viewer has no script or no style')
  // It ends no element of the page that it lies in.
  return { script: script.trim().replaceAll('</script', '<\\/script'), style: style.trim() }
}

function moduleOf({ script, style }: Viewer): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return Object.entries({ script, style, policy })
    .map(([name, text]) => `export const ${name} = ${JSON.stringify(text)}`)
    .join('\n')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
