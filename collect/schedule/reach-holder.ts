import type { Reach } from '../reach/reach.ts'
import type { ClusterSpec } from '../reach/target-spec.ts'

/** The settings that `Reach` depends on. */
export interface ReachPlan {
  readonly clusters: readonly ClusterSpec[]
  readonly allow: readonly string[]
}

export type OpenReach = (plan: ReachPlan) => Reach

/** The `Reach` of the current targets file. Captures that use an older one keep it to their end. */
export interface ReachHolder {
  /** Opens a new one where the settings changed. */
  replace(plan: ReachPlan): void
  use<Result>(work: (reach: Reach) => Promise<Result>): Promise<Result>
  close(): void
}

interface Held {
  readonly reach: Reach
  readonly planJson: string
  userCount: number
  isReplaced: boolean
}

export function holdReach(open: OpenReach): ReachHolder {
  let held = hold({ clusters: [], allow: [] })

  function hold(plan: ReachPlan): Held {
    const planJson = JSON.stringify(plan)
    return { reach: open(plan), planJson, userCount: 0, isReplaced: false }
  }

  return {
    replace(plan) {
      if (JSON.stringify(plan) === held.planJson) return
      const before = held
      held = hold(plan)
      before.isReplaced = true
      closeIfIdle(before)
    },
    async use(work) {
      const used = held
      used.userCount += 1
      try {
        return await work(used.reach)
      } finally {
        used.userCount -= 1
        closeIfIdle(used)
      }
    },
    close() {
      held.isReplaced = true
      closeIfIdle(held)
    },
  }
}

function closeIfIdle({ isReplaced, userCount, reach }: Held): void {
  if (isReplaced && userCount === 0) reach.close()
}
