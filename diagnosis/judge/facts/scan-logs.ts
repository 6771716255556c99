import type { SafeRegex } from '../../pattern/safe-regex.ts'

/** The text of a log of the process, or of a part of it. */
export interface LogText {
  /** As the report calls it. */
  readonly name: string
  readonly text: string
}

/** Lines of a log that a rule knows. */
export interface LogHit {
  readonly log: string
  readonly count: number
  /** The last such line, without what is before its message where that is known. */
  readonly example: string
}

const EXAMPLE_LENGTH_MAX = 240

/** Counts the lines that one of the expressions finds. */
export function scanLog({ name, text }: LogText, patterns: readonly SafeRegex[]): LogHit | null {
  let count = 0
  let example = ''
  if (patterns.every((pattern) => !pattern.mayMatch(text))) return null
  let start = 0
  while (start < text.length) {
    const end = text.indexOf('\n', start)
    const line = text.slice(start, end === -1 ? text.length : end)
    if (patterns.some((pattern) => pattern.test(line))) {
      count++
      example = line
    }
    start = end === -1 ? text.length : end + 1
  }
  return count === 0 ? null : { log: name, count, example: shorten(example) }
}

/** klog's `I1121 10:00:00.000000       1 request.go:697] ` says nothing of the matter. */
function shorten(line: string): string {
  const message = line.trim().replace(/^[IWEF]\d{4} [\d:.]+\s+\d+ [\w./-]+:\d+\] /, '')
  return message.length > EXAMPLE_LENGTH_MAX ? `${message.slice(0, EXAMPLE_LENGTH_MAX)}…` : message
}
