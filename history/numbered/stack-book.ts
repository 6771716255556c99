import type { Profile } from '../../profile/index.ts'
import { ContentTables } from './content.ts'
import { RowBytes } from './row-bytes.ts'
import { type Ask, incomplete } from './stack-sums.ts'

interface Stack {
  readonly frames: Uint32Array
  readonly labels: string
}

/** What numbers of stacks stand for. What was asked for last is remembered: it never changes. */
export interface StackBook {
  /** The stacks as rows of tables, in the order given. */
  tables(ask: Ask, numbers: readonly number[], mainMapping: string): Promise<Profile>
}

const STACKS_MAX = 200_000
const FRAMES_MAX = 100_000

export function openStackBook(): StackBook {
  const stacks = remembered(STACKS_MAX, 'stacks', (rows): Stack => {
    return { frames: rows.u32s(), labels: rows.text() }
  })
  const frames = remembered(FRAMES_MAX, 'frames', (rows) => rows.text())
  return {
    async tables(ask, numbers, mainMapping) {
      const known = await stacks(ask, numbers)
      const used = new Set<number>()
      for (const number of numbers) {
        for (const frame of known.get(number)?.frames ?? []) used.add(frame)
      }
      const bodies = await frames(ask, [...used])
      const tables = new ContentTables()
      tables.addMainMapping(mainMapping)
      for (const number of numbers) {
        const stack = known.get(number)
        if (stack === undefined) throw incomplete(numbers.length)
        tables.addStack(stack.frames, stack.labels, (frame) => {
          const body = bodies.get(frame)
          if (body === undefined) throw incomplete(numbers.length)
          return body
        })
      }
      return tables.finish()
    },
  }
}

/** Answers by number; those already known are not asked for again. */
function remembered<Value>(
  most: number,
  kind: 'stacks' | 'frames',
  read: (rows: RowBytes) => Value,
) {
  let known = new Map<number, Value>()
  return async (ask: Ask, numbers: readonly number[]): Promise<ReadonlyMap<number, Value>> => {
    if (known.size > most) known = new Map()
    const current = known
    const missing = numbers.filter((number) => !current.has(number))
    if (missing.length > 0) {
      const rows = new RowBytes(await ask({ ask: kind, numbers: missing }))
      while (rows.hasMore) current.set(rows.u32(), read(rows))
    }
    return current
  }
}
