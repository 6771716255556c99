const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** `1h30m` in milliseconds. The text must be a duration by its pattern. */
export function durationMs(text: string): number {
  let sumMs = 0
  for (const [, count = '', unit = ''] of text.matchAll(/([0-9]+)(ms|s|m|h|d)/g)) {
    sumMs += Number(count) * (UNIT_MS[unit] ?? 0)
  }
  return sumMs
}
