const STALE = 'a rebuild of history is under way'

/** What to say of a range with profiles that a rebuild has left, and what its file has as a comment; null without any. */
export function staleNote(count: number): string | null {
  if (count === 0) return null
  const profiles = count === 1 ? 'profile' : 'profiles'
  return (
    `${STALE} and has ${count} ${profiles} of this range left: ` +
    'until it ends, they count as they were before or are left out'
  )
}

export function isStaleNote(comment: string): boolean {
  return comment.startsWith(STALE)
}
