import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MUTANT_VARIABLE } from './mutants.ts'

const KUBEPROF = [fileURLToPath(new URL('../../bin/kubeprof', import.meta.url))]
/** Mutants change single modules, which a bundle does not load. */
const KUBEPROF_FROM_SOURCES = ['../../bin/node', '../../cli/main.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
)

/** In the variables of a process: the program to start in place of this one, such as an older version's `bin/kubeprof`. */
export const PROGRAM_VARIABLE = 'KUBEPROF_TEST_PROGRAM'

/** The command that starts kubeprof with these variables: this version, a mutant of it or another program. */
export function commandFor(env: Readonly<Record<string, string>>): readonly string[] {
  const program = env[PROGRAM_VARIABLE]
  if (program !== undefined) return [program]
  return MUTANT_VARIABLE in env ? KUBEPROF_FROM_SOURCES : KUBEPROF
}

/** Long enough that no worker loses it because the machine is busy, five times in a row. */
export const LEASE_MS = 3000

/** Everything in a worker short, so that what a crash left is found soon. */
const QUICK_SETTINGS = {
  KUBEPROF_WORKER_SWEEP_MS: '200',
  KUBEPROF_WORKER_LEASE_MS: String(LEASE_MS),
  KUBEPROF_STORE_RESERVE_BYTES: '0',
  KUBEPROF_STORE_FREE_BYTES_MIN: '0',
  KUBEPROF_LOG_LEVEL: 'warn',
}

/** A real kubeprof in a child process. */
export interface KubeprofProcess {
  readonly pid: number
  /** Where it answers; empty for a process that only works. */
  readonly url: string
  /** Sends the signal and waits for the end: the exit code, or `null` when the signal ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>
  readonly isAlive: () => boolean
  /** All that it wrote to stderr and its log. */
  readonly output: () => string
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  /** A command that starts it, such as strace, with its arguments. */
  readonly under?: readonly string[]
}

const running = new Set<ChildProcess>()

/** Starts kubeprof with these arguments and waits until it says that it is ready. */
export async function startKubeprof(
  args: readonly string[],
  { env = {}, under = [] }: StartOptions = {},
): Promise<KubeprofProcess> {
  const [command = '', ...rest] = [...under, ...commandFor(env), ...args]
  const child = spawn(command, rest, {
    env: { ...process.env, ...QUICK_SETTINGS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const exited = once(child, 'exit').then(() => running.delete(child))
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const line = /^kubeprof is .*$/m.exec(output)?.[0]
      if (line !== undefined) resolve(/http:\S+/.exec(line)?.[0] ?? '')
    })
    void exited.then(() => reject(new Error(`kubeprof did not start: ${output}`)))
  })
  const isAlive = () => child.exitCode === null && child.signalCode === null
  return {
    pid: child.pid ?? 0,
    url,
    async end(signal) {
      if (isAlive()) child.kill(signal)
      await exited
      return child.exitCode
    },
    isAlive,
    output: () => output,
  }
}

/** For `afterEach`: nothing that a failed test started may live on. */
export async function killAll(): Promise<void> {
  const ends = [...running].map(async (child) => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  await Promise.all(ends)
}

/** The processes that a process started: of a worker, its decoders. */
export function childrenOf(pid: number): readonly number[] {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const lists = tasks.map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'))
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number))
}
