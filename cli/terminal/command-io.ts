import type { Readable, Writable } from 'node:stream'

/** The parts of the process that a command uses, so that tests can replace them. */
export interface CommandIo {
  readonly stdin: () => Readable
  readonly writeOut: (text: string | Uint8Array) => void
  readonly writeError: (text: string) => void
  /** Whether the output is a terminal, and so may be coloured. */
  readonly isTerminal: boolean
  /** The terminal for a dialogue, or null where the process has none. */
  readonly terminal?: () => Writable | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** Switches off optimising compilers: the process ends before they pay off (docs/start-up.md). */
  readonly expectShortRun?: () => void
}

/** Runs one command and returns its exit code: 0 fine, 1 findings, 2 usage, 3 bad input. */
export type RunCommand = (args: readonly string[], io: CommandIo) => Promise<number>
