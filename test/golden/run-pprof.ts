import { Readable } from 'node:stream'
import { CommandError } from '../../cli/terminal/command-error.ts'
import { runPprof } from '../../cli/pprof/pprof-command.ts'

export interface PprofRun {
  readonly exitCode: number
  readonly output: string
  readonly errors: string
}

export interface PprofSurroundings {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

/** `kubeprof pprof ARGS` in this process. */
export async function runPprofHere(
  args: readonly string[],
  { stdin = '', env = {} }: PprofSurroundings = {},
): Promise<PprofRun> {
  const output: string[] = []
  const errors: string[] = []
  const io = {
    stdin: () => Readable.from([Buffer.from(stdin)]),
    writeOut: (text: string | Uint8Array) => {
      output.push(typeof text === 'string' ? text : Buffer.from(text).toString())
    },
    writeError: (text: string) => {
      errors.push(text)
    },
    isTerminal: false,
    env,
  }
  try {
    const exitCode = await runPprof(args, io)
    return { exitCode, output: output.join(''), errors: errors.join('') }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { exitCode: error.exitCode, output: output.join(''), errors: error.message }
  }
}
