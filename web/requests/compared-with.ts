import type { CaptureMatch } from '../../api/index.ts'

interface Near {
  readonly match: CaptureMatch
}

/**
 * Which of the two beside it a capture or profile is compared with: the one before. The one after, where none before may be
 * of the same process: whoever sends what is new first wants to compare it all the same.
 */
export function comparedWith<Item extends Near>({
  before,
  after,
}: {
  readonly before: Item | null
  readonly after: Item | null
}): (Item & { readonly side: 'before' | 'after' }) | null {
  const isSameBefore = before !== null && before.match !== 'other'
  if (!isSameBefore && after !== null && after.match !== 'other') return { ...after, side: 'after' }
  return before === null ? null : { ...before, side: 'before' }
}
