const MINUTE_NS = 60_000_000_000n

/** A span of time as Go's Duration writes itself: `1.5µs`, `20ms`, `1m30.5s`, `2h0m0s`. */
export function durationText(durationNs: bigint): string {
  if (durationNs === 0n) return '0s'
  if (durationNs < 0n) return `-${durationText(-durationNs)}`
  if (durationNs < 1_000n) return `${durationNs}ns`
  if (durationNs < 1_000_000n) return `${decimal(durationNs, 3)}µs`
  if (durationNs < 1_000_000_000n) return `${decimal(durationNs, 6)}ms`
  const seconds = `${decimal(durationNs % MINUTE_NS, 9)}s`
  const minutes = durationNs / MINUTE_NS
  if (minutes === 0n) return seconds
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`
}

/** The number with its last digits behind a point, without zeros at the end. */
function decimal(value: bigint, digits: number): string {
  const text = String(value).padStart(digits + 1, '0')
  const fraction = text.slice(-digits).replace(/0+$/, '')
  return text.slice(0, -digits) + (fraction === '' ? '' : `.${fraction}`)
}
