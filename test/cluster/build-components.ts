import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SOURCES = fileURLToPath(new URL('components', import.meta.url))
const CACHE = join(homedir(), '.cache', 'kubeprof-test-control-plane')
/** What a release says of itself is set when it is linked. */
const VERSION_VARIABLE = 'k8s.io/component-base/version.gitVersion'

/**
 * The folder of the control plane's programs: kube-apiserver, kube-controller-manager, kube-scheduler, hollow-kubelet,
 * kubectl and load. They are built from the Go module beside this file once, which takes minutes, and are kept in
 * `~/.cache` until their sources change. A second process waits for the first.
 */
export async function buildComponents(): Promise<string> {
  const folder = join(CACHE, sourcesHash())
  const lock = `${folder}.lock`
  mkdirSync(CACHE, { recursive: true })
  while (!existsSync(folder)) {
    if (takeLock(lock)) await build(folder, lock)
    else await sleep(500)
  }
  return folder
}

async function build(folder: string, lock: string): Promise<void> {
  const unfinished = `${folder}.${process.pid}`
  try {
    const flags = ['-buildvcs=false', '-ldflags', `-X ${VERSION_VARIABLE}=v${kubernetesVersion()}`]
    await promisify(execFile)('go', ['build', ...flags, '-o', `${unfinished}/`, './...'], {
      cwd: SOURCES,
      maxBuffer: 64 * 1024 * 1024,
    })
    if (!existsSync(folder)) renameSync(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
    rmSync(lock, { force: true })
  }
}

/** False while a living process has the lock. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (!isAlive(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isAlive(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    // An empty file is being written just now.
    return pid === 0 || process.kill(pid, 0)
  } catch {
    return false
  }
}

function kubernetesVersion(): string {
  const module = readFileSync(join(SOURCES, 'go.mod'), 'utf8')
  return /k8s\.io\/kubernetes v(\S+)/.exec(module)?.[1] ?? '0.0.0'
}

function sourcesHash(): string {
  const hash = createHash('sha256')
  for (const name of globSync('{go.mod,go.sum,*/*.go}', { cwd: SOURCES }).sort()) {
    hash.update(name).update(readFileSync(join(SOURCES, name)))
  }
  return hash.digest('hex').slice(0, 12)
}
