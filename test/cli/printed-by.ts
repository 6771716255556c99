import { Readable } from 'node:stream'
import type { CommandIo } from '../../cli/terminal/command-io.ts'

/** What a command prints in this process, with an empty standard input, and its exit code. */
export async function printedBy(
  run: (io: CommandIo) => Promise<number>,
  { isTerminal = false, env = {} }: Partial<Pick<CommandIo, 'isTerminal' | 'env'>> = {},
) {
  let out = ''
  let error = ''
  const code = await run({
    stdin: () => Readable.from([]),
    writeOut: (text) => (out += text.toString()),
    writeError: (text) => (error += text),
    isTerminal,
    env,
  })
  return { code, out, error }
}
