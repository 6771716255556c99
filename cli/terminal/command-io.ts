import type { Readable, Writable } from 'node:stream'

/** What a command may use of the process it runs in, so that tests can run it in theirs. */
export interface CommandIo {
  readonly stdin: () => Readable
  readonly writeOut: (text: string | Uint8Array) => void
  readonly writeError: (text: string) => void
  /** Whether a person reads the output on a terminal, and so may like colour. */
  readonly isTerminal: boolean
  /** The terminal to ask and answer on, or null where nobody sits at one. */
  readonly terminal?: () => Writable | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** Switches off optimising compilers: the process ends before they pay off (docs/start-up.md). */
  readonly expectShortRun?: () => void
}

/** Runs one command and answers its exit code: 0 fine, 1 findings, 2 usage, 3 bad input. */
export type RunCommand = (args: readonly string[], io: CommandIo) => Promise<number>
