import type { CommandIo } from './terminal/command-io.ts'
import { COMMANDS } from './commands.ts'
import { nearestWord } from './terminal/nearest-word.ts'
import { readVersion } from './terminal/read-version.ts'

/** Handles `--help`, `--version` and unknown commands. */
export async function runHelp(args: readonly string[], io: CommandIo): Promise<number> {
  const [name] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.writeOut(usage())
    return 0
  }
  if (name === 'version' || name === '--version') {
    io.writeOut(`kubeprof ${await readVersion()}\n`)
    return 0
  }
  const meant = nearestWord(name, Object.keys(COMMANDS))
  const hint = meant === null ? 'see `kubeprof --help`' : `did you mean \`kubeprof ${meant}\`?`
  io.writeError(`kubeprof: there is no command "${name}"; ${hint}\n`)
  return 2
}

function usage(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  const lines = Object.entries(COMMANDS).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  )
  return [
    'kubeprof finds what slows a Kubernetes control plane in Go pprof profiles.',
    '',
    'usage: kubeprof COMMAND [flags] [arguments]',
    '',
    ...lines,
    '',
    '`kubeprof COMMAND --help` says more. Exit codes: 0 fine, 1 findings, 2 usage, 3 bad input.',
    '',
  ].join('\n')
}
