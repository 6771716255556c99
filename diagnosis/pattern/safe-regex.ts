import { RE2JS } from 're2js'
import { PatternError } from './glob.ts'

/** A regular expression out of a rule: matched by RE2, in time linear in its text. */
export interface SafeRegex {
  readonly source: string
  /** False only where it cannot be found in `text`; a quick look. */
  mayMatch(text: string): boolean
  /** Found anywhere in `text`. */
  test(text: string): boolean
  /** The named groups, else the numbered ones, that took part in the first match; `null` without a match. */
  groupsIn(text: string): readonly string[] | null
}

/** Compiles when it is first used, because most rules of a set never get to see their expression's input. */
export function safeRegex(source: string): SafeRegex {
  let compiled: RE2JS | null = null
  const compile = () => (compiled ??= compileRegex(source))
  const literal = requiredLiteral(source)
  return {
    source,
    mayMatch: (text) => text.includes(literal),
    test: (text) => text.includes(literal) && compile().matcher(text).find(),
    groupsIn: (text) => {
      if (!text.includes(literal)) return null
      const matcher = compile().matcher(text)
      if (!matcher.find()) return null
      const groups: string[] = []
      for (let group = 1; group <= matcher.groupCount(); group++) {
        const found = matcher.group(group)
        if (found !== null && found !== '') groups.push(found)
      }
      return groups
    },
  }
}

/** Throws PatternError when the expression cannot be compiled. */
export function checkRegex(source: string): void {
  compileRegex(source)
}

function compileRegex(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new PatternError(`"${source}" is no regular expression of RE2: ${reason}`)
  }
}

/**
 * A text that everything the expression matches must hold, so that most names are told apart without RE2. `''` when
 * none is found.
 */
export function requiredLiteral(source: string): string {
  let longest = ''
  let run = ''
  let depth = 0
  const endRun = () => {
    if (run.length > longest.length) longest = run
    run = ''
  }
  for (let at = 0; at < source.length; at++) {
    const char = source[at]
    if (char === '|' && depth === 0) return ''
    if (char === '[') {
      endRun()
      at = classEnd(source, at)
    } else if (char === '(' || char === ')') {
      endRun()
      depth += char === '(' ? 1 : -1
    } else if ('*?{'.includes(char)) {
      run = run.slice(0, -1)
      endRun()
      if (char === '{') at = source.indexOf('}', at)
      if (at === -1) return ''
    } else if ('.+^$'.includes(char)) {
      endRun()
    } else if (char === '\\') {
      const next = source[++at] ?? ''
      if (/\w/.test(next)) {
        // A class such as \w, or something rarer that is not worth reading.
        endRun()
        if (!'wWdDsSbB'.includes(next)) return ''
      } else if (depth === 0) run += next
    } else if (depth === 0) {
      run += char
    }
  }
  endRun()
  return source.includes('(?i') ? '' : longest
}

function classEnd(source: string, open: number): number {
  let at = open + 1
  if (source[at] === '^') at++
  if (source[at] === ']') at++
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1
  return at
}
