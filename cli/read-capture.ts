import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CaptureFacts } from '../diagnosis/index.ts'
import { CommandError } from './command-error.ts'

/** What a path on the command line holds: one profile, or a capture folder. */
export interface CaptureFiles {
  readonly profiles: readonly string[]
  readonly facts: CaptureFacts
  /** Of `version.json`, as `/version` of an API server answers; `null` where it is not there. */
  readonly kubernetesVersion: string | null
}

const PROFILE = /\.(?:pb|pprof|prof)(?:\.gz)?$/
const METRICS = /^metrics\.txt(?:\.gz)?$/
const LOG = /\.log(?:\.gz)?$/
const TEXT_BYTES_MAX = 256 * 1024 * 1024

/** Lists what lies at a path. Throws a CommandError where there is nothing, or no profile. */
export function listCapture(path: string): CaptureFiles {
  if (path === '-') return { profiles: [path], facts: {}, kubernetesVersion: null }
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new CommandError(`there is no file or folder "${path}"`)
  if (!stat.isDirectory()) return { profiles: [path], facts: {}, kubernetesVersion: null }
  const names = readdirSync(path).sort()
  const profiles = names.filter((name) => PROFILE.test(name)).map((name) => join(path, name))
  if (profiles.length === 0)
    throw new CommandError(`no profiles (*.pb.gz, *.pprof) lie in "${path}"`)
  const metrics = names.find((name) => METRICS.test(name))
  const logs = names.filter((name) => LOG.test(name))
  return {
    profiles,
    facts: {
      metrics: metrics === undefined ? null : readText(join(path, metrics)),
      logs: logs.map((name) => ({ name, text: readText(join(path, name)) })),
    },
    kubernetesVersion: names.includes('version.json')
      ? gitVersion(join(path, 'version.json'))
      : null,
  }
}

/** The file of the same name in an earlier capture, or that capture itself where it is one file. */
export function previousOf(path: string, previous: CaptureFiles): string | null {
  const [only] = previous.profiles
  const name = basename(path)
  const same = previous.profiles.find((candidate) => basename(candidate) === name)
  return same ?? (previous.profiles.length === 1 ? only : null)
}

/** The facts of several captures as one: all logs, and the first page of metrics. */
export function joinFacts(
  captures: readonly CaptureFiles[],
  previous: CaptureFiles | null,
): CaptureFacts {
  const pages = captures.flatMap(({ facts }) => facts.metrics ?? [])
  return {
    metrics: pages.at(0) ?? null,
    previousMetrics: previous?.facts.metrics ?? null,
    logs: captures.flatMap(({ facts }) => facts.logs ?? []),
  }
}

function readText(file: string): string {
  const bytes = readFileSync(file)
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b
  try {
    const text = isGzip ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes
    return text.toString('utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`"${file}" cannot be read: ${reason}`)
  }
}

function gitVersion(file: string): string | null {
  try {
    const version: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof version !== 'object' || version === null || !('gitVersion' in version)) return null
    return typeof version.gitVersion === 'string' ? version.gitVersion : null
  } catch {
    // What /version answered is a bonus: a profile tells most of it.
    return null
  }
}
