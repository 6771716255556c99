// Bundles what `kubeprof pprof` and `kubeprof diagnose` load into one file: opening a hundred modules takes longer than
// their work on a small profile. Paths made of `import.meta.url` hold, because `build/` is as deep as the folders are.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const build = join(root, 'build')

const bundle = await rolldown({
  input: { main: join(root, 'cli', 'main.ts') },
  platform: 'node',
  // Packages stay where they are. The commands that run a service keep their own files, which start child processes.
  external: [/^node:/, /^[a-z@]/],
  logLevel: 'silent',
})
const { output } = await bundle.write({
  dir: build,
  format: 'esm',
  entryFileNames: 'kubeprof-[name]-[hash].mjs',
  chunkFileNames: 'kubeprof-[name]-[hash].mjs',
})
const sources = output
  .flatMap((chunk) => chunk.moduleIds ?? [])
  .filter((id) => id.startsWith(root))
  .map((id) => relative(root, id))
const entry = output.find((chunk) => chunk.isEntry).fileName
writeFileSync(
  join(build, 'kubeprof.json'),
  JSON.stringify({ entry, sources, builtAtMs: Date.now() }),
)

// Last, so that a command started meanwhile finds either bundle whole.
const written = new Set(output.map((chunk) => chunk.fileName))
for (const name of readdirSync(build)) {
  if (/^kubeprof-.*\.mjs$/.test(name) && !written.has(name)) rmSync(join(build, name))
}
