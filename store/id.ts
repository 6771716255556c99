import { randomInt } from 'node:crypto'
import { monotonicFactory } from 'ulid'

const CHARS = 32
/** Random numbers of the system, of which Node reads many at a time; ulid's own would be one call each. */
const nextUlid = monotonicFactory(() => randomInt(CHARS) / CHARS)

/** A new ULID. ULIDs of one process sort by creation. */
export function newId(): string {
  return nextUlid()
}
