// Bundles what `kubeprof pprof` and `kubeprof diagnose` load into one file: opening a hundred modules takes longer than
// their work on a small profile. Paths made of `import.meta.url` hold, because `build/` is as deep as the folders are.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const build = join(root, 'build')

for (const name of readdirSync(build)) if (/^kubeprof\b/.test(name)) rmSync(join(build, name))
const bundle = await rolldown({
  input: { kubeprof: join(root, 'cli', 'main.ts') },
  platform: 'node',
  // Packages stay where they are. The commands that run a service keep their own files, which start child processes.
  external: [/^node:/, /^[a-z@]/],
  logLevel: 'silent',
})
const { output } = await bundle.write({
  dir: build,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: 'kubeprof-[name]-[hash].mjs',
})
const sources = output
  .flatMap((chunk) => chunk.moduleIds ?? [])
  .filter((id) => id.startsWith(root))
  .map((id) => relative(root, id))
writeFileSync(join(build, 'kubeprof.json'), JSON.stringify({ builtAtMs: Date.now(), sources }))
