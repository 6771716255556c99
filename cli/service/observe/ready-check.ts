import type { ReadyCheck } from '../../../api/index.ts'

/** Answers callers within this time by one check: anyone may ask, and a check writes. */
export function remembered(check: () => Promise<void>, ms: number): () => Promise<void> {
  let last: { readonly atMs: number; readonly result: Promise<void> } | null = null
  return () => {
    if (last === null || performance.now() - last.atMs > ms) {
      last = { atMs: performance.now(), result: check() }
    }
    return last.result
  }
}

/** Checks whether a dependency of the process works. */
export async function readyCheck(
  name: string,
  isRequired: boolean,
  check: () => Promise<void>,
): Promise<ReadyCheck> {
  try {
    await check()
    return { name, isReady: true, isRequired, text: '' }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { name, isReady: false, isRequired, text }
  }
}
