// Bundles the modules of `kubeprof pprof` and of `kubeprof diagnose` into one file each: opening a hundred modules takes
// longer than their work on a small profile (docs/start-up.md lists what each mechanism gains). Paths relative to
// `import.meta.url` stay valid, because `build/` is as deep as `judge/`, which uses them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const build = join(root, 'build')

/** Modules that few commands need stay out of the bundle, so that it does not load their imports. */
const LOADED_LATE = /\/(?:fetch-source|save-profile|open-web-page)\.ts$/

/** `fast-wrap-ansi` and what it imports: one file of it loads sooner than four. */
const BUNDLED_PACKAGES = ['fast-wrap-ansi', 'fast-string-width', 'fast-string-truncated-width']

mkdirSync(build, { recursive: true })
// Both are run by hand, again and again: one file of Node's older kind loads some milliseconds sooner than many.
const pprof = await bundle('pprof/pprof-main.ts')
const diagnose = await bundle('diagnose/diagnose-main.ts')
// `bin/kubeprof` reads it and compares its age with the sources'.
writeFileSync(
  join(build, 'kubeprof.sh'),
  `case $1 in
pprof) kubeprof_entry=build/${pprof.name} kubeprof_sources='${pprof.sources.join(' ')}' ;;
diagnose) kubeprof_entry=build/${diagnose.name} kubeprof_sources='${diagnose.sources.join(' ')}' ;;
esac
`,
)

// Last, so that a command started meanwhile finds either bundle whole.
for (const name of readdirSync(build)) {
  const isBundle = /^kubeprof-.*\.[mc]js$/.test(name)
  if (isBundle && name !== pprof.name && name !== diagnose.name) rmSync(join(build, name))
}

/** Writes the bundle and answers its name and the sources in it. */
async function bundle(entry) {
  const bundled = await rolldown({
    input: join(root, 'cli', entry),
    platform: 'node',
    // Packages stay where they are, but for the small ones that most runs need. The commands that run a service keep
    // their own files, which start child processes.
    external: (id) => /^(?:node:|[a-z@])/.test(id) && !BUNDLED_PACKAGES.includes(id),
    plugins: [{ name: 'seldom', resolveId: keepLate }],
    logLevel: 'silent',
  })
  const { output } = await bundled.generate({
    format: 'cjs',
    codeSplitting: false,
    minify: { compress: false, mangle: false, codegen: true },
    entryFileNames: 'kubeprof-[name]-[hash].cjs',
  })
  const [{ fileName: name, code, moduleIds }] = output
  writeFileSync(join(build, name), requireLate(code))
  const sources = moduleIds
    .filter((id) => id.startsWith(root) && !id.includes('/node_modules/'))
    .map((id) => relative(root, id))
  return { name, sources }
}

function keepLate(source, importer) {
  if (!LOADED_LATE.test(source)) return null
  return { id: `../${relative(root, join(dirname(importer), source))}`, external: true }
}

/** Node's own modules load where they are used: most runs need few of them, and a module takes up to 2 ms. */
function requireLate(code) {
  let late = code
  for (const builtin of builtinModules) {
    const name = `node_${builtin.replaceAll('/', '_')}`
    const start = `let ${name}=require("node:${builtin}");`
    const uses = late.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []
    const reads = late.match(new RegExp(`\\b${name}\\.`, 'g')) ?? []
    // The start itself names it once.
    if (!late.includes(start) || uses.length !== reads.length + 1) continue
    late = late
      .replace(start, '')
      .replace(new RegExp(`\\b${name}\\.`, 'g'), `require("node:${builtin}").`)
  }
  return late
}
