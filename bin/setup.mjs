// Makes a clone ready to run: packages from the lock file and the web build, each only when absent or stale.
// Plain JavaScript for Node 20, because the pinned Node 24 is one of the packages it installs.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const webSources = ['web', 'profile', 'gzip', 'diagnosis', 'api', 'rules', 'package-lock.json']

ensure('packages', ['package-lock.json'], join(root, 'node_modules', '.kubeprof-packages'), () => {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
})
if (!process.argv.includes('--packages')) {
  ensure('web app', webSources, join(root, 'build', '.web-sources'), () => {
    run(join(root, 'bin', 'node'), [
      join('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      'web',
      '--logLevel=warn',
    ])
  })
}

/** Runs `make` unless `stampFile` says that it already ran on the sources as they are. */
function ensure(what, sources, stampFile, make) {
  const stamp = digest(sources)
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.error(`kubeprof: preparing the ${what} (once) ...`)
  try {
    make()
  } catch (error) {
    console.error(`kubeprof: could not prepare the ${what}: ${error.message}`)
    process.exit(70)
  }
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

function digest(sources) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesBelow).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
  }
  return hash.digest('hex')
}

function filesBelow(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path)).flatMap((name) => filesBelow(join(path, name)))
}

function run(command, args) {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
}
