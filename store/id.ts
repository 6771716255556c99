import { monotonicFactory } from 'ulid'

const nextUlid = monotonicFactory()

/** A new ULID. ULIDs of one process sort by creation. */
export function newId(): string {
  return nextUlid()
}
