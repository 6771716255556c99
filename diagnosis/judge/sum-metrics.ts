const LINES_MAX = 1_000_000
/** A name, labels in braces that may hold anything in quotes, a value. */
const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)/

/**
 * The sum over all series of each metric of a /metrics page.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function sumMetrics(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const line of text.split('\n', LINES_MAX)) {
    if (line.startsWith('#')) continue
    const match = LINE.exec(line)
    if (match === null) continue
    const value = Number(match[2])
    if (Number.isFinite(value)) sums.set(match[1], (sums.get(match[1]) ?? 0) + value)
  }
  return sums
}
