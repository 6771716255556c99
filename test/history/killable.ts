export class Killed extends Error {}

/** How many steps a process has left. */
export interface StepsLeft {
  stepsLeft: number
}

/** Each call is two steps, before and after it is done; the process that does them is killed at one of them. */
export function killable(until: StepsLeft) {
  return <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args) => {
      if (until.stepsLeft-- <= 0) throw new Killed()
      const result = await work(...args)
      if (until.stepsLeft-- <= 0) throw new Killed()
      return result
    }
}

/** Whether the process was killed meanwhile. */
export async function wasKilled(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return false
  } catch (error) {
    if (error instanceof Killed) return true
    throw error
  }
}
