import { isBundleName } from '../../api/profiles/bundle-name.ts'
import { readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { captureFileOf } from '../../diagnosis/index.ts'
import { decodeTextDump, encodeUtf8, ProfileFormatError } from '../../profile/index.ts'
import {
  type CaptureContents,
  type CaptureFile,
  describedProcess,
  NOT_DESCRIBED,
  type ProcessFiles,
  readCapture,
  readBundle,
} from '../../judge/index.ts'
import { CommandError } from '../terminal/command-error.ts'
import type { CommandIo } from '../terminal/command-io.ts'
import { ownCaptureIn, processesBelow } from '../input/capture-folders.ts'
import { readStdin } from '../input/read-stdin.ts'

export interface NamedCapture extends CaptureContents {
  /** Of the folder or bundle that holds this capture alone; `null` for a profile, and for what another tool wrote. */
  readonly path: string | null
  /** The component in `capture.json`, which the profiles of idle processes often do not show. */
  readonly component: string | null
  /** The address of the process in `capture.json`: a URL, or `host:port`. */
  readonly address: string | null
  /** Execution traces, which rules do not read. */
  readonly traces: readonly CaptureFile[]
}

/**
 * Reads a path on the command line: one profile, `-` for standard input, a capture folder, or its bundle (`.tar.gz`, `.tar.zst`).
 * A folder that another tool wrote may hold several processes. Throws a CommandError where the path does not exist or
 * holds no profile.
 */
export async function readCapturePath(
  path: string,
  io: CommandIo,
): Promise<readonly NamedCapture[]> {
  if (path === '-') return [await readProfileAlone(path, () => readStdin(io))]
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new CommandError(`there is no file or folder "${path}"`)
  if (stat.isDirectory()) return readFolder(path, io)
  const isPacked = isBundleName(path) || path.endsWith('.zip')
  if (!isPacked) return [await readProfileAlone(path, () => readFileSync(path))]
  try {
    const files = await filesInBundle(path)
    const [file] = files
    const isAlone = file !== undefined && files.length === 1 && path.endsWith('.zip')
    return [isAlone ? await readProfileAlone(file.name, file.read) : await readFiles(path, files)]
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
    return [{ ...NOTHING, faults: [{ name: path, error }] }]
  }
}

const NOTHING: NamedCapture = {
  path: null,
  component: null,
  address: null,
  traces: [],
  profiles: [],
  metrics: null,
  metricsBefore: null,
  logs: [],
  kubernetesVersion: null,
  etcdVersion: null,
  flags: null,
  faults: [],
}

/** Whatever its name. */
async function readProfileAlone(name: string, read: CaptureFile['read']): Promise<NamedCapture> {
  const contents = await readCapture([{ name, read }], { isAsPprof: true, kindOf: () => 'profile' })
  return { ...contents, path: null, component: null, address: null, traces: [] }
}

async function readFiles(path: string, files: readonly CaptureFile[]): Promise<NamedCapture> {
  if (!files.some(({ name }) => captureFileOf(name).kind === 'profile')) {
    throw new CommandError(`no profiles (*.pb.gz, *.pprof) lie in "${path}"`)
  }
  const description = files.find(({ name }) => basename(name) === 'capture.json')
  const { component, address } =
    description === undefined ? NOT_DESCRIBED : describedProcess(await description.read())
  return {
    ...(await readCapture(files, { isAsPprof: true })),
    path,
    component,
    address,
    traces: files.filter(({ name }) => captureFileOf(name).kind === 'trace'),
  }
}

/** A capture of ours, or one of another tool, which may cover several processes. */
async function readFolder(path: string, io: CommandIo): Promise<readonly NamedCapture[]> {
  const names = ownCaptureIn(path)
  if (names !== null) {
    const files = names.map((name) => fileAt(join(path, name)))
    return [await readFiles(path, files)]
  }
  const captures: NamedCapture[] = []
  for (const process of processesBelow(path)) {
    if (process.earlierCount > 0) {
      const what = `${process.earlierCount} earlier profiles of ${process.instance} are left out`
      io.writeError(`kubeprof diagnose: ${path}: ${what}; give one with --previous\n`)
    }
    captures.push(await readProcess(path, process))
  }
  const isEmpty = captures.every(
    ({ profiles, logs, faults }) => profiles.length + logs.length + faults.length === 0,
  )
  if (isEmpty) throw new CommandError(`no profiles (*.pb.gz, *.pprof) lie in "${path}"`)
  return captures
}

async function readProcess(path: string, process: ProcessFiles): Promise<NamedCapture> {
  const { component, profiles, logs, others } = process
  const isProfile = new Set(profiles.map((name) => join(path, name)))
  const files = [...profiles, ...logs, ...others].map((name) => fileAt(join(path, name)))
  const kindOf = (name: string) => (isProfile.has(name) ? 'profile' : kindBeside(name))
  const contents = await readCapture(files, { isAsPprof: true, kindOf })
  const traces = files.filter(({ name }) => captureFileOf(name).kind === 'trace')
  const dumped = withDumpsOfLogs(contents, component)
  return { ...contents, ...dumped, path: null, component, address: null, traces }
}

/** Of the files beside the profiles, a text that may hold Go's goroutine dump counts as a log. */
function kindBeside(name: string) {
  return basename(name) === 'logs.txt' ? 'log' : captureFileOf(name).kind
}

/** Rules search the logs of components; the log of any process may hold its goroutines. */
function withDumpsOfLogs({ profiles, logs }: CaptureContents, component: string | null) {
  const dumps = logs.flatMap(({ name, text }) => {
    const profile = decodeTextDump(encodeUtf8(text))
    return profile === null ? [] : [{ name, profile }]
  })
  return { profiles: [...profiles, ...dumps], logs: component === null ? [] : logs }
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
