import type { ReadyCheck } from '../../../api/index.ts'

/** Probes give up after five seconds: until then they must know what does not answer. */
const ANSWER_MS = 3000

/** Answers callers within this time by one check: anyone may ask, and a check writes. */
export function remembered(check: () => Promise<void>, ms: number): () => Promise<void> {
  let last: { readonly atMs: number; readonly result: Promise<void> } | null = null
  let isUnderWay = false
  return () => {
    if (last === null || (!isUnderWay && performance.now() - last.atMs > ms)) {
      isUnderWay = true
      const result = check().finally(() => (isUnderWay = false))
      last = { atMs: performance.now(), result }
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
    await inTime(check())
    return { name, isReady: true, isRequired, text: '' }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return { name, isReady: false, isRequired, text }
  }
}

async function inTime(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const text = `There is no answer within ${ANSWER_MS / 1000} s.`
  const timer = setTimeout(() => late.reject(new Error(text)), ANSWER_MS)
  await Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}
