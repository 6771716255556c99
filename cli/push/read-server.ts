import { CommandError } from '../terminal/command-error.ts'

/** The address of a server, as the flag `named` gives it. Throws a CommandError. */
export function readServer(named: string, address: string): URL {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return new URL(address)
  throw new CommandError(
    `${named} is the address of a server, http://127.0.0.1:7070, not "${address}"`,
  )
}
