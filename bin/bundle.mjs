// Bundles kubeprof: opening hundreds of modules takes longer than what most commands do (docs/start-up.md lists what each
// mechanism gains). `pprof` and `diagnose` are one file each, the decoder process is one file, and all other commands
// share chunks. The sources serve while one of them is newer than its bundle.
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const build = join(root, 'build', 'bundles')
const minify = { compress: false, mangle: false, codegen: true }

/** Modules that few commands need stay out of the bundle, so that it does not load their imports. */
const LOADED_LATE = /\/(?:fetch-source|save-profile|open-web-page)\.ts$/

/** `fast-wrap-ansi` and what it imports: one file of it loads sooner than four. */
const SMALL_PACKAGES = /^(?:fast-wrap-ansi|fast-string-width|fast-string-truncated-width)$/

/** Packages that read files beside their own, change modules as these load, or are loaded by few services. */
const UNBUNDLED_PACKAGES =
  /^(?:pino|bullmq|ioredis|pg|@aws-sdk|@clickhouse|@opentelemetry|@smithy|@fastify\/swagger|@viz-js|rolldown)(?:$|[/-])/

/** A service that started before keeps its bundle for so long. */
const KEPT_MS = 24 * 3_600_000

mkdirSync(build, { recursive: true })
const pprof = await bundleShortRun('pprof/pprof-main.ts')
const diagnose = await bundleShortRun('diagnose/diagnose-main.ts')
const decoder = await bundle('worker/decoder/decoder-main.ts', {
  format: 'esm',
  codeSplitting: false,
  entryFileNames: 'decoder-[hash].mjs',
})
const commands = await bundle('cli/main.ts', {
  format: 'esm',
  entryFileNames: 'commands-[hash].mjs',
  chunkFileNames: 'chunk-[hash].mjs',
})

// `bin/kubeprof` reads these and compares their age with the sources'.
writeWhole(
  'short-runs.sh',
  `case $1 in
pprof) ${shellVariables(pprof)} ;;
diagnose) ${shellVariables(diagnose)} ;;
esac
`,
)
writeWhole('commands.sh', `${shellVariables(commands)}\n`)
// `worker/pool/decoder-entry.ts` does the same.
writeWhole('decoder.json', JSON.stringify(decoder))

// Last, so that a command started meanwhile finds either bundle whole.
const files = new Set([pprof, diagnose, decoder, commands].flatMap(({ files }) => files))
for (const name of readdirSync(build)) {
  if (/\.[mc]js$/.test(name) && !files.has(name) && isOld(name)) rmSync(join(build, name))
}

/** A command that is run by hand, again and again: one file of Node's older kind loads some milliseconds sooner. */
function bundleShortRun(entry) {
  return bundle(`cli/${entry}`, {
    isBundled: (name) => SMALL_PACKAGES.test(name),
    resolveId: keepLate,
    format: 'cjs',
    codeSplitting: false,
    entryFileNames: '[name]-[hash].cjs',
    finish: requireLate,
  })
}

/**
 * Writes a bundle and answers its entry and sources, relative to the root, and the
 * names of its files.
 */
async function bundle(entry, { isBundled = isBundledPackage, resolveId, finish, ...output }) {
  const bundled = await rolldown({
    input: join(root, entry),
    platform: 'node',
    external: (id) => id.startsWith('node:') || (/^[a-z@]/.test(id) && !isBundled(id)),
    plugins: [{ name: 'kubeprof', resolveId, transform: keepOwnUrl }],
    logLevel: 'silent',
  })
  const { output: files } = await bundled.generate({ minify, ...output })
  for (const { fileName, code } of files) {
    if (output.format === 'esm' && /\b__dirname\b/.test(code)) {
      const uses = code.match(/.{80}\b__dirname\b/s)
      throw new Error(
        `${entry}: a package that reads files beside its own must not be bundled: ${uses}`,
      )
    }
    writeWhole(fileName, finish?.(code) ?? code)
  }
  const sources = files
    .flatMap(({ moduleIds }) => moduleIds)
    .filter((id) => id.startsWith(root) && !id.includes('/node_modules/'))
    .map((id) => relative(root, id))
  return {
    entry: relative(root, join(build, files.find(({ isEntry }) => isEntry).fileName)),
    sources,
    files: files.map(({ fileName }) => fileName),
  }
}

function isBundledPackage(name) {
  return !UNBUNDLED_PACKAGES.test(name)
}

/** Paths relative to `import.meta.url` stay those of the source. */
function keepOwnUrl(code, id) {
  if (!code.includes('import.meta.url')) return null
  const path = relative(build, id)
  return code.replaceAll('import.meta.url', `new URL('${path}', import.meta.url).href`)
}

function keepLate(source, importer) {
  if (!LOADED_LATE.test(source)) return null
  return { id: relative(build, join(dirname(importer), source)), external: true }
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

function shellVariables({ entry, sources }) {
  return `kubeprof_entry=${entry} kubeprof_sources='${sources.join(' ')}'`
}

function writeWhole(name, text) {
  const path = join(build, name)
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

function isOld(name) {
  return Date.now() - statSync(join(build, name)).mtimeMs > KEPT_MS
}
