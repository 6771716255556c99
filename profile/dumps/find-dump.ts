import { endOfQuoted, unescapeQuoted } from './go-quoted.ts'
import { stringHolding, valueAt } from './json-path.ts'

/** Between `goroutine 12` and its state crashes print `gp=0xc000002380 m=0 mp=0x5a1b20`. */
const HEADER = /goroutine \d+ (?:gp=\S{1,40} m=\S{1,20} (?:mp=\S{1,40} )?)?\[[a-zA-Z?]/y
/** A prefix of a log line that is longer than this belongs to its own line alone. */
const PREFIX_LENGTH_MAX = 512
/** So much may others have written into the log in between. */
const PREFIX_SOUGHT_LENGTH = 16 * 1024
/** Times leave out zeros at their end. */
const NUMBER = /\d+(?:[.,]\d+)?/
/** A container's log of a JSON line that quotes a text that quotes the dump. */
const WRAPPINGS_MAX = 4

interface FoundHeader {
  readonly lineStart: number
  readonly start: number
  /** Behind `]:`. */
  readonly end: number
}

/**
 * The part of a text from its first goroutine on, as Go printed it, wherever it stands: behind other lines, behind the
 * same kind of prefix on each line (CRI, journald, `kubectl logs --timestamps --prefix`, quoted mail), or escaped in a
 * string of a log line or of JSON. Null where no line begins a goroutine.
 */
export function findDump(text: string): string | null {
  let part = text
  for (let wrappings = 0; wrappings <= WRAPPINGS_MAX; wrappings++) {
    const found = findHeader(part)
    if (found === null) return null
    const next = part[found.end]
    const isBare = found.start === found.lineStart && (next === undefined || /[\s\w]/.test(next))
    if (isBare) return part.slice(found.start)
    part = jsonStrings(part, found) ?? unwrappedLines(part, found)
  }
  return null
}

/** Each character is looked at a few times at most: what looks like headers may be all that a text holds. */
function findHeader(text: string): FoundHeader | null {
  let close = -1
  let lineEnd = -1
  let start = text.indexOf('goroutine ')
  for (; start !== -1; start = text.indexOf('goroutine ', start + 1)) {
    HEADER.lastIndex = start
    if (!HEADER.test(text)) continue
    if (close < start) close = text.indexOf(']:', start)
    if (close === -1) return null
    if (lineEnd < start) lineEnd = indexOrEnd(text, '\n', start)
    if (close > lineEnd) continue
    return { lineStart: text.lastIndexOf('\n', start) + 1, start, end: close + ']:'.length }
  }
  return null
}

/** Where the header is in a string of a line of JSON: that string of each line, as container engines write logs. */
function jsonStrings(text: string, { lineStart }: FoundHeader): string | null {
  const path = stringHolding(lineAt(text, lineStart), 'goroutine ')
  if (path === null) return null
  const strings: string[] = []
  for (const line of linesFrom(text, lineStart)) {
    const value = valueAt(line, path)
    if (value !== null) strings.push(value.endsWith('\n') ? value.slice(0, -1) : value)
  }
  return strings.join('\n')
}

/** The lines from the header on without what stands in front of them, and unescaped where they are quoted. */
function unwrappedLines(text: string, { lineStart, start, end }: FoundHeader): string {
  const prefix = text.slice(lineStart, start)
  const isQuoted = quoteCount(prefix) % 2 === 1
  const isEscaped = /^\\+[nr]/.test(text.slice(end, end + 20))
  const own = lineAt(text, lineStart)
  const rest = lineStart + own.length + 1
  const pattern = repeatedPrefix(prefix, text.slice(rest, rest + PREFIX_SOUGHT_LENGTH))
  const unwrap = (line: string) => {
    if (isQuoted) return withoutLastEnd(unescapeQuoted(line.slice(0, endOfQuoted(line))))
    return isEscaped ? withoutLastEnd(unescapeQuoted(line)) : line
  }
  const lines = [unwrap(own.slice(prefix.length))]
  for (const line of linesFrom(text, rest)) {
    const match = pattern?.exec(line) ?? null
    if (match !== null) lines.push(unwrap(line.slice(match[0].length)))
    // Others write into the same log.
    else if (pattern === null) lines.push(line)
  }
  return lines.join('\n')
}

/** What begins each line, with other numbers in it. Null where no line that follows begins so. */
function repeatedPrefix(prefix: string, following: string): RegExp | null {
  if (prefix === '' || prefix.length > PREFIX_LENGTH_MAX) return null
  const body = prefix.trimEnd()
  const end = escapePattern(prefix.slice(body.length))
  const source = body
    .split(NUMBER)
    .map((words) => escapePattern(words).replaceAll(/ +/g, ' +'))
    .join(NUMBER.source)
    // CRI marks lines that it splits.
    .replace(/(std(?:out|err) \+)[FP]$/, '$1[FP]')
  const pattern = new RegExp(`^${source}(?:${end}|$)`)
  const isRepeated = following.split('\n').some((line) => (pattern.exec(line)?.[0].length ?? 0) > 0)
  return isRepeated ? pattern : null
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)
}

function quoteCount(text: string): number {
  return text.replaceAll(/\\./gs, '').split('"').length - 1
}

function withoutLastEnd(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

function lineAt(text: string, start: number): string {
  return text.slice(start, indexOrEnd(text, '\n', start))
}

function indexOrEnd(text: string, found: string, from: number): number {
  const index = text.indexOf(found, from)
  return index === -1 ? text.length : index
}

function* linesFrom(text: string, from: number): Generator<string> {
  for (let start = from; start < text.length;) {
    const line = lineAt(text, start)
    start += line.length + 1
    yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
}
