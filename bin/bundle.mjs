// Bundles what `kubeprof pprof` and `kubeprof diagnose` load into few files: opening a hundred modules takes longer than
// their work on a small profile. Paths made of `import.meta.url` hold, because `build/` is as deep as the folders are.
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const build = join(root, 'build')

/** What few commands come to stays a source, lest the bundle's one file load what it needs. */
const SELDOM = /^\.\/(?:fetch-source|save-profile|open-web-page)\.ts$/

// Both are run by hand, again and again: one file of Node's older kind loads some milliseconds sooner than many.
const pprof = await bundle('pprof-main.ts')
const diagnose = await bundle('diagnose-main.ts')
writeFileSync(
  join(build, 'kubeprof.json'),
  JSON.stringify({ pprof: summaryOf(pprof), diagnose: summaryOf(diagnose), builtAtMs: Date.now() }),
)

// Last, so that a command started meanwhile finds either bundle whole.
const written = new Set([...pprof, ...diagnose].map((chunk) => chunk.fileName))
for (const name of readdirSync(build)) {
  if (/^kubeprof-.*\.[mc]js$/.test(name) && !written.has(name)) rmSync(join(build, name))
}

function leaveSeldom(source) {
  return SELDOM.test(source) ? { id: source.replace('.', '../cli'), external: true } : null
}

async function bundle(entry) {
  const bundled = await rolldown({
    input: join(root, 'cli', entry),
    platform: 'node',
    // Packages stay where they are. The commands that run a service keep their own files, which start child processes.
    external: [/^node:/, /^[a-z@]/],
    plugins: [{ name: 'seldom', resolveId: leaveSeldom }],
    logLevel: 'silent',
  })
  const { output } = await bundled.write({
    dir: build,
    format: 'cjs',
    codeSplitting: false,
    minify: { compress: false, mangle: false, codegen: true },
    entryFileNames: 'kubeprof-[name]-[hash].cjs',
  })
  return output
}

function summaryOf(output) {
  const sources = output
    .flatMap((chunk) => chunk.moduleIds ?? [])
    .filter((id) => id.startsWith(root))
    .map((id) => relative(root, id))
  return { entry: output.find((chunk) => chunk.isEntry).fileName, sources }
}
