import { isBundleName } from '../../api/bundle-name.ts'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { captureFileOf } from '../../diagnosis/index.ts'
import { ProfileFormatError } from '../../profile/index.ts'
import {
  type CaptureContents,
  type CaptureFile,
  readCapture,
  readBundle,
} from '../../judge/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { readStdin } from '../input/read-stdin.ts'

export interface NamedCapture extends CaptureContents {
  /** What `capture.json` says that it is of: idle processes show little of what they are. */
  readonly component: string | null
  /** Execution traces, which no rule reads. */
  readonly traces: readonly CaptureFile[]
}

/**
 * Reads what a path on the command line holds: one profile, `-` for standard input, a capture folder, or a bundle of one
 * (`.tar.gz`). Throws a CommandError where there is nothing, or no profile.
 */
export async function readCapturePath(path: string, io: CommandIo): Promise<NamedCapture> {
  if (path === '-') return readProfileAlone(path, () => readStdin(io))
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new CommandError(`there is no file or folder "${path}"`)
  if (stat.isDirectory()) return readFiles(path, filesIn(path))
  if (!isBundleName(path)) return readProfileAlone(path, () => readFileSync(path))
  try {
    return await readFiles(path, await filesInBundle(path))
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    return { ...NOTHING, faults: [{ name: path, error }] }
  }
}

const NOTHING: NamedCapture = {
  component: null,
  traces: [],
  profiles: [],
  metrics: null,
  metricsBefore: null,
  logs: [],
  kubernetesVersion: null,
  faults: [],
}

/** Whatever its name. */
async function readProfileAlone(name: string, read: CaptureFile['read']): Promise<NamedCapture> {
  const contents = await readCapture([{ name, read }], { isAsPprof: true, kindOf: () => 'profile' })
  return { ...contents, component: null, traces: [] }
}

async function readFiles(path: string, files: readonly CaptureFile[]): Promise<NamedCapture> {
  if (!files.some(({ name }) => captureFileOf(name).kind === 'profile')) {
    throw new CommandError(`no profiles (*.pb.gz, *.pprof) lie in "${path}"`)
  }
  const description = files.find(({ name }) => basename(name) === 'capture.json')
  return {
    ...(await readCapture(files, { isAsPprof: true })),
    component: description === undefined ? null : componentIn(await description.read()),
    traces: files.filter(({ name }) => captureFileOf(name).kind === 'trace'),
  }
}

/** Anybody may have written it: what is not as it should be is passed over. */
function componentIn(bytes: Uint8Array): string | null {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof said !== 'object' || said === null || !('component' in said)) return null
    return typeof said.component === 'string' ? said.component : null
  } catch {
    return null
  }
}

function filesIn(folder: string): readonly CaptureFile[] {
  const names = readdirSync(folder).sort()
  return names.map((name) => join(folder, name)).map((name) => fileAt(name))
}

function fileAt(name: string): CaptureFile {
  return { name, read: () => readFileSync(name) }
}

async function filesInBundle(path: string): Promise<readonly CaptureFile[]> {
  const files = await readBundle(readFileSync(path))
  return files
    .map(({ name, read }) => ({ name: join(path, name), read }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}
