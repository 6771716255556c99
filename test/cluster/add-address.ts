import { execFileSync } from 'node:child_process'
import { find } from '../requirements.ts'

export interface AddedAddress {
  readonly address: string
  readonly remove: () => void
}

/**
 * Gives this machine one more address, which is not loopback to what asks: two API servers of one cluster need an address
 * each. Null where that is not allowed.
 */
export function addAddress(): AddedAddress | null {
  const ip = find('ip')
  if (ip === null) return null
  // One for each process that tests at the same time.
  const address = `10.213.${(process.pid >> 8) & 0xff}.${process.pid & 0xff}`
  const change = (verb: string) =>
    execFileSync(ip, ['address', verb, `${address}/32`, 'dev', 'lo'], { stdio: 'pipe' })
  try {
    change('add')
    return { address, remove: () => void change('del') }
  } catch {
    return null
  }
}
