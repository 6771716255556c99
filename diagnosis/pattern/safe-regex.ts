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
  let literals: readonly string[] | null = null
  const mayMatch = (text: string) => {
    literals ??= requiredLiterals(source)
    return literals.some((literal) => text.includes(literal))
  }
  return {
    source,
    mayMatch,
    test: (text) => mayMatch(text) && compile().matcher(text).find(),
    groupsIn: (text) => {
      if (!mayMatch(text)) return null
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
    throw new PatternError(`"${source}" is not a regular expression of RE2: ${reason}`)
  }
}

/** A group of plain texts such as `(?:api|kubernetes/pkg/apis)`, not repeated. */
const CHOICE = /^\((?:\?:)?((?:[\w/|-]|\\[./()*-])*)\)(?![*?+{])/
const CHOICES_MAX = 16
const NO_LITERALS: readonly string[] = ['']

/**
 * Literals of which every match of the expression contains at least one, so that most names are rejected without RE2;
 * `['']` if none are found.
 */
export function requiredLiterals(source: string): readonly string[] {
  if (source.includes('(?i')) return NO_LITERALS
  let best = NO_LITERALS
  let runs = NO_LITERALS
  let depth = 0
  const add = (text: string) => (runs = runs.map((run) => run + text))
  const endRun = () => {
    if (shortest(runs) > shortest(best)) best = runs
    runs = NO_LITERALS
  }
  for (let at = 0; at < source.length; at++) {
    const char = source[at]
    if (char === '|' && depth === 0) return NO_LITERALS
    if (char === '[') {
      endRun()
      at = classEnd(source, at)
    } else if (char === '(' || char === ')') {
      const choice = depth === 0 ? CHOICE.exec(source.slice(at)) : null
      const options = choice === null ? [] : choice[1].replaceAll('\\', '').split('|')
      if (choice !== null && runs.length * options.length <= CHOICES_MAX) {
        runs = runs.flatMap((run) => options.map((option) => run + option))
        at += choice[0].length - 1
        continue
      }
      endRun()
      depth += char === '(' ? 1 : -1
    } else if ('*?{'.includes(char)) {
      runs = runs.map((run) => run.slice(0, -1))
      endRun()
      if (char === '{') at = source.indexOf('}', at)
      if (at === -1) return NO_LITERALS
    } else if ('.+^$'.includes(char)) {
      endRun()
    } else if (char === '\\') {
      const next = source[++at] ?? ''
      if (/\w/.test(next)) {
        // A class such as \w, or something rarer that is not worth reading.
        endRun()
        if (!'wWdDsSbB'.includes(next)) return NO_LITERALS
      } else if (depth === 0) add(next)
    } else if (depth === 0) {
      add(char)
    }
  }
  endRun()
  return best
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map(({ length }) => length))
}

function classEnd(source: string, open: number): number {
  let at = open + 1
  if (source[at] === '^') at++
  if (source[at] === ']') at++
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1
  return at
}
