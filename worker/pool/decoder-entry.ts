import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

const ROOT = new URL('../../', import.meta.url)

/** Paths relative to the root. */
const Bundle = Type.Object({ entry: Type.String(), sources: Type.Array(Type.String()) })

/**
 * The module that a decoder process runs: its bundle, which starts in a quarter of the time, or the
 * source while there is no bundle or a source is newer. `bin/bundle.mjs` writes the bundle.
 */
export function decoderEntry(root = ROOT): string {
  return fileURLToPath(new URL(freshBundle(root) ?? 'worker/decoder/decoder-main.ts', root))
}

/** Relative to the root. */
function freshBundle(root: URL): string | null {
  const list = new URL('build/bundles/decoder.json', root)
  try {
    const bundle: unknown = JSON.parse(readFileSync(list, 'utf8'))
    if (!Value.Check(Bundle, bundle)) return null
    statSync(new URL(bundle.entry, root))
    const { mtimeMs } = statSync(list)
    const isOlder = (source: string) => statSync(new URL(source, root)).mtimeMs <= mtimeMs
    return bundle.sources.every(isOlder) ? bundle.entry : null
  } catch {
    return null
  }
}
