import type { ReadyCheck } from '../../api/index.ts'

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
