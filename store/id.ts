import { monotonicFactory } from 'ulid'

const nextUlid = monotonicFactory()

/** A new ULID. Those of one process sort in the order they were made. */
export function newId(): string {
  return nextUlid()
}
