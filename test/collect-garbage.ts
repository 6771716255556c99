import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setImmediate } from 'node:timers/promises'

/** Collects what nothing holds any more, so that a `WeakRef` to it is empty. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('the engine has no gc()')
  // A WeakRef holds what it was asked for, or made of, until the current task ends.
  await setImmediate()
  Reflect.apply(collect, undefined, [])
}
