// Makes a clone ready to run: packages from the lock file and the web build, each only when absent or stale.
// Plain JavaScript for Node 20, because the pinned Node 24 is one of the packages it installs.
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cliSources = [
  'api',
  'cli',
  'collect',
  'diagnosis',
  'gzip',
  'history',
  'judge',
  'profile',
  'queue',
  'server',
  'store',
  'worker',
  'bin/bundle.mjs',
  'package-lock.json',
]
const webSources = [
  'web',
  'profile',
  'gzip',
  'diagnosis',
  'rules',
  'api',
  'examples',
  'package-lock.json',
]

/** There while packages are installed, with the process that does, and after an install that did not end well. */
const installing = join(root, 'build', '.installing')
/** There while the command line and the web app are built. */
const building = join(root, 'build', '.building')

await lock(installing)
await ensure(
  'packages',
  ['package-lock.json'],
  join(root, 'node_modules', '.kubeprof-packages'),
  install,
)
rmSync(installing, { force: true })
refuseOldNode()
if (!process.argv.includes('--packages')) {
  await lock(building)
  await ensure('command line', cliSources, join(root, 'build', '.cli-sources'), () => {
    run(join(root, 'bin', 'node'), [join('bin', 'bundle.mjs')])
  })
  await ensure('web app', webSources, join(root, 'build', '.web-sources'), () => {
    run(join(root, 'bin', 'node'), [
      join('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      'web',
      '--logLevel=warn',
    ])
  })
  rmSync(building, { force: true })
}

/** Two installs or builds at once would each remove what the other has written. */
async function lock(file) {
  mkdirSync(dirname(file), { recursive: true })
  for (let isTold = false; !isLocked(file); await delay(100)) {
    if (!isHeld(file)) {
      rmSync(file, { force: true })
      continue
    }
    if (!isTold) console.error(`kubeprof: waiting for another set-up (${file}) ...`)
    isTold = true
  }
}

function isLocked(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function isHeld(file) {
  try {
    const pid = readFileSync(file, 'utf8')
    // Made, and not written yet.
    return pid === '' || process.kill(Number(pid), 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** An install goes on when the command that began it is killed, so that the lock is in its name. */
async function install() {
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawn('npm', ['ci', ...options], { cwd: root, stdio: ['ignore', 2, 2] })
  if (npm.pid !== undefined) writeFileSync(installing, String(npm.pid))
  const [code] = await once(npm, 'exit')
  if (code !== 0) throw new Error(`npm ci ended with ${code}`)
}

/** Where no pinned Node exists for the platform (macOS, Windows), the machine's own must do. */
function refuseOldNode() {
  const hasPinned = readdirSync(join(root, 'node_modules')).some((name) =>
    existsSync(join(root, 'node_modules', name, 'bin', 'node')),
  )
  if (hasPinned || Number(process.versions.node.split('.')[0]) >= 24) return
  console.error(`kubeprof: needs Node 24 or newer on this platform, this is ${process.version}`)
  process.exit(70)
}

/** Runs `make` unless `stampFile` has the digest of the current sources. */
async function ensure(what, sources, stampFile, make) {
  const stamp = digest(sources)
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    // `bin/node` compares its age with that of the lock file.
    utimesSync(stampFile, new Date(), new Date())
    return
  }
  console.error(`kubeprof: preparing the ${what} (once) ...`)
  mkdirSync(dirname(stampFile), { recursive: true })
  try {
    await make()
  } catch (error) {
    console.error(`kubeprof: could not prepare the ${what}: ${error.message}`)
    process.exit(70)
  }
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
  const env = { ...process.env, NODE_ENV: 'production' }
  execFileSync(command, args, { cwd: root, env, stdio: ['ignore', 2, 2] })
}
