import { execFileSync } from 'node:child_process'
import { find } from '../requirements.ts'

export interface AddedHost {
  readonly address: string
  readonly remove: () => void
}

/**
 * Makes this machine two hosts to the API servers of one cluster, which need an address and a name each: adds an address
 * that is not of loopback. Null where that, or another host name for a process (`unshare --uts`), is not allowed.
 */
export function addHost(): AddedHost | null {
  const ip = find('ip')
  if (ip === null) return null
  // One for each process that tests at the same time.
  const address = `10.213.${(process.pid >> 8) & 0xff}.${process.pid & 0xff}`
  const change = (verb: string) =>
    execFileSync(ip, ['address', verb, `${address}/32`, 'dev', 'lo'], { stdio: 'pipe' })
  try {
    execFileSync('unshare', ['--uts', 'true'], { stdio: 'pipe' })
    change('add')
    return { address, remove: () => void change('del') }
  } catch {
    return null
  }
}
