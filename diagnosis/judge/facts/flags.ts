const LINE = /^([a-z][\w.-]*)(?:: ?|=| )(.*)$/

/**
 * Reads a /flagz page: a flag and its value in each line, with `=`, `:` or a blank between, whichever the process chose.
 * https://github.com/kubernetes/enhancements/tree/master/keps/sig-instrumentation/4828-component-flagz
 */
export function parseFlags(page: string): ReadonlyMap<string, string> {
  const flags = new Map<string, string>()
  for (const line of page.split(/\r?\n/)) {
    const match = LINE.exec(line.trim())
    if (match !== null) flags.set(match[1], match[2].trim())
  }
  return flags
}

const SECONDS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  ns: 1e-9,
}

/** A flag's value as conditions compare it: 1 and 0 for true and false, nanoseconds for durations; `null` for text. */
export function flagNumber(value: string | undefined): number | null {
  if (value === undefined || value === '') return null
  if (value === 'true' || value === 'false') return value === 'true' ? 1 : 0
  const number = Number(value)
  if (Number.isFinite(number)) return number
  if (!/^(?:[\d.]+(?:h|m|s|ms|us|ns))+$/.test(value)) return null
  const parts = [...value.matchAll(/([\d.]+)(h|ms|m|s|us|ns)/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * SECONDS[unit] * 1e9, 0)
}
