/**
 * A glob over function names. `*` is any text, except in `(*`, which is Go's own sign of a method's receiver.
 * `{a,b}` is a choice. It matches a whole name, and that in time linear in the name: no backtracking, no RegExp.
 */
export interface Glob {
  /** What the name starts with, up to the first wildcard. */
  readonly prefix: string
  /** The texts between wildcards, in order, after `prefix`; empty when there is no wildcard. */
  readonly middles: readonly string[]
  /** What the name ends with, after the last wildcard; `null` when there is no wildcard. */
  readonly suffix: string | null
}

export const CHOICES_MAX = 64

/** The globs without choices that together match what `text` matches. Throws PatternError when they are too many. */
export function parseGlob(text: string): readonly Glob[] {
  return expandChoices(text).map(plainGlob)
}

/** Whether the glob matches `name` from its start to `end`. */
export function globMatches(glob: Glob, name: string, end = name.length): boolean {
  const { prefix, middles, suffix } = glob
  if (suffix === null) return end === prefix.length && name.startsWith(prefix)
  if (end < prefix.length + suffix.length || !name.startsWith(prefix)) return false
  const suffixAt = end - suffix.length
  if (!name.startsWith(suffix, suffixAt)) return false
  let at = prefix.length
  for (const middle of middles) {
    const found = name.indexOf(middle, at)
    if (found === -1) return false
    at = found + middle.length
  }
  return at <= suffixAt
}

/** A pattern that cannot be read. `message` says why, for the one who wrote it. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** The texts that `{a,b}` choices stand for, outermost first; `{...}` is Go's literal type and stands for itself. */
export function expandChoices(text: string): readonly string[] {
  const open = choiceStart(text)
  if (open === -1) return [text]
  const { options, end } = readChoice(text, open)
  const tails = expandChoices(text.slice(end))
  const heads = options.flatMap(expandChoices)
  if (heads.length * tails.length > CHOICES_MAX) {
    throw new PatternError(`more than ${CHOICES_MAX} choices in "${text}"`)
  }
  const start = text.slice(0, open)
  return heads.flatMap((head) => tails.map((tail) => start + head + tail))
}

function choiceStart(text: string): number {
  let at = text.indexOf('{')
  while (at !== -1 && text.startsWith('{...}', at)) at = text.indexOf('{', at + 1)
  return at
}

function readChoice(text: string, open: number) {
  const options: string[] = []
  let depth = 0
  let start = open + 1
  for (let at = open; at < text.length; at++) {
    const char = text[at]
    if (char === '{') depth++
    else if (char === ',' && depth === 1) {
      options.push(text.slice(start, at))
      start = at + 1
    } else if (char === '}' && --depth === 0) {
      options.push(text.slice(start, at))
      return { options, end: at + 1 }
    }
  }
  throw new PatternError(`"{" without "}" in "${text}"`)
}

function plainGlob(text: string): Glob {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '*' || text[at - 1] === '(') continue
    parts.push(text.slice(start, at))
    start = at + 1
  }
  const last = text.slice(start)
  if (parts.length === 0) return { prefix: last, middles: [], suffix: null }
  return { prefix: parts[0], middles: parts.slice(1).filter((part) => part !== ''), suffix: last }
}
