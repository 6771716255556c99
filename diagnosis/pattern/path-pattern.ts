import { PatternError } from './glob.ts'

/**
 * A pattern over one stack, read root to leaf:
 *
 *     path := ["^"] step { ("//" | "/") step } ["$"]
 *     step := atom { "|" atom }
 *     atom := ["="] glob | "~regex~" | "$set" | "file:" glob
 *
 * Tokens stand apart by blanks, as names hold none. `//` leaves any number of frames between, `/` none (but see
 * `isElided`). `^` is the root, `$` the leaf.
 */
export interface PathPattern {
  readonly text: string
  readonly steps: readonly PathStep[]
  readonly isFromRoot: boolean
  readonly isToLeaf: boolean
}

export interface PathStep {
  /** One frame that matches any of them. */
  readonly atoms: readonly Atom[]
  /** True when the frame must come right below the step before. */
  readonly isChild: boolean
}

export type Atom =
  /** A function by its name. Its closures and wrappers count as it, unless `isExact`. */
  | { readonly kind: 'name'; readonly glob: string; readonly isExact: boolean }
  /** A search anywhere in the name. */
  | { readonly kind: 'regex'; readonly regex: string }
  /** A function by the path of its source file. */
  | { readonly kind: 'file'; readonly glob: string }

/** Names that patterns may use for others. */
export interface PatternWords {
  /** `@as` stands for its text wherever a glob or regex has it. */
  readonly aliases: Readonly<Record<string, string>>
  /** `$lockwait` stands for its patterns. */
  readonly sets: Readonly<Record<string, readonly string[]>>
}

/** Equal for equal atoms. */
export function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case 'name':
      return atom.isExact ? `=${atom.glob}` : atom.glob
    case 'regex':
      return `~${atom.regex}~`
    default:
      return `file:${atom.glob}`
  }
}

const STEPS_MAX = 8

/** Reads a path. Throws PatternError. */
export function parsePath(text: string, words: PatternWords): PathPattern {
  const tokens = text.trim().split(/\s+/)
  const isFromRoot = tokens[0] === '^'
  if (isFromRoot) tokens.shift()
  const isToLeaf = tokens.at(-1) === '$'
  if (isToLeaf) tokens.pop()
  const steps: PathStep[] = []
  let atoms: Atom[] = []
  let isChild = false
  let isAtomDue = true
  for (const token of tokens) {
    const isSeparator = token === '//' || token === '/' || token === '|'
    if (isSeparator === isAtomDue) throw new PatternError(faultyToken(text, token, isAtomDue))
    if (token === '//' || token === '/') {
      steps.push({ atoms, isChild })
      atoms = []
      isChild = token === '/'
    } else if (token !== '|') {
      atoms.push(...parseAtom(token, words))
    }
    isAtomDue = isSeparator
  }
  if (isAtomDue) throw new PatternError(`"${text}" ends where a function is due`)
  steps.push({ atoms, isChild })
  if (steps.length > STEPS_MAX) throw new PatternError(`more than ${STEPS_MAX} steps in "${text}"`)
  return { text, steps, isFromRoot, isToLeaf }
}

function faultyToken(text: string, token: string, isAtomDue: boolean): string {
  const due = isAtomDue ? 'a function' : '"|", "/" or "//"'
  return `"${token}" stands in "${text}" where ${due} is due`
}

function parseAtom(token: string, words: PatternWords): readonly Atom[] {
  if (token.startsWith('$')) return atomsOfSet(token.slice(1), words)
  if (token.startsWith('~')) {
    const regex = token.endsWith('~') && token.length > 2 ? token.slice(1, -1) : null
    if (regex === null) throw new PatternError(`"${token}" lacks the "~" at its end`)
    return [{ kind: 'regex', regex: expandAliases(regex, words) }]
  }
  if (token.startsWith('file:')) {
    return [{ kind: 'file', glob: expandAliases(token.slice('file:'.length), words) }]
  }
  const isExact = token.startsWith('=')
  const glob = expandAliases(isExact ? token.slice(1) : token, words)
  if (glob === '' || glob === '*') throw new PatternError(`"${token}" matches everything`)
  return [{ kind: 'name', glob, isExact }]
}

/** In a step, a set stands for the atoms of its patterns, which have a single step each and name no further set. */
function atomsOfSet(name: string, words: PatternWords): readonly Atom[] {
  const wordsInSets = { aliases: words.aliases, sets: {} }
  return setOf(name, words).flatMap((text) => {
    const { steps, isFromRoot, isToLeaf } = parsePath(text, wordsInSets)
    if (steps.length !== 1 || isFromRoot || isToLeaf) {
      throw new PatternError(`"$${name}" holds "${text}", which is more than one function`)
    }
    return steps[0].atoms
  })
}

/** The patterns of a set. Throws PatternError for an unknown one. */
export function setOf(name: string, words: PatternWords): readonly string[] {
  if (Object.hasOwn(words.sets, name)) return words.sets[name]
  throw new PatternError(`there is no set "$${name}"`)
}

function expandAliases(text: string, words: PatternWords): string {
  return text.replaceAll(/@(\w+)/g, (_, name: string) => {
    if (Object.hasOwn(words.aliases, name)) return words.aliases[name]
    throw new PatternError(`there is no alias "@${name}"`)
  })
}
