const ENTRIES_MAX = 4

/** Keeps the few results that were used last. */
export function recentlyUsed<Value>() {
  const entries = new Map<string, Value>()
  return async (key: string, make: () => Promise<Value>): Promise<Value> => {
    const known = entries.get(key)
    const value = known ?? (await make())
    entries.delete(key)
    for (const oldest of entries.keys()) {
      if (entries.size < ENTRIES_MAX) break
      entries.delete(oldest)
    }
    entries.set(key, value)
    return value
  }
}
