import { fstatSync, writeSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import type { CommandIo } from './command-io.ts'

/** The CommandIo of this process. */
export function processIo(): CommandIo {
  return {
    stdin: () => process.stdin,
    writeOut: (text) => writeAll(1, text),
    writeError: (text) => writeAll(2, text),
    get isTerminal() {
      // `process.stdout` takes a millisecond to load, and is not needed to recognize a file or a pipe.
      return fstatSync(1).isCharacterDevice() && process.stdout.isTTY
    },
    terminal: () => (process.stdin.isTTY && process.stdout.isTTY ? process.stdout : null),
    env: process.env,
    expectShortRun() {
      setFlagsFromString('--no-maglev')
      setFlagsFromString('--no-turbofan')
    },
  }
}

/** Writes without `process.stdout`, whose streams take milliseconds to load. A closed pipe ends the program quietly. */
function writeAll(fd: number, text: string | Uint8Array): void {
  let rest = typeof text === 'string' ? Buffer.from(text) : text
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if (isErrno(error, 'EPIPE')) process.exit(0)
      if (!isErrno(error, 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
