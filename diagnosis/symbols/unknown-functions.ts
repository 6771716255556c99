import { type Glob, parseGlob, PatternError } from '../pattern/glob.ts'
import { type PatternWords, parsePath } from '../pattern/path-pattern.ts'
import { safeRegex } from '../pattern/safe-regex.ts'
import type { DocumentPath } from '../rule/document-reader.ts'
import { singleChoices } from './name-choices.ts'
import type { WrittenPattern } from './rule-patterns.ts'
import {
  hasFunction,
  packageOf,
  someFunction,
  type SymbolInventory,
  type VersionsByTrack,
} from './symbol-inventory.ts'

/** Something in a pattern that no function of the inventory matches: a slip, or a name that was given up. */
export interface UnknownFunction {
  readonly path: DocumentPath
  /** As it is written, with one of its choices made: `@as/storage/etcd3.(*store).GetLits`. */
  readonly written: string
  /** The part of the pattern's text that it stands in. */
  readonly token: string
  /** The names that it stands for, closures cut off; none for a regular expression. */
  readonly globs: readonly Glob[]
}

export interface CheckOptions {
  readonly words: PatternWords
  readonly versions: VersionsByTrack
  readonly isForeignChecked?: boolean
}

/** Functions that Go generates, closures and wrappers: the inventory does not list them. */
const CLOSURE = /\.(?:func|gowrap|deferwrap)[\d*].*$|-fm$|-range[\d*]+$/
const SEPARATORS: ReadonlySet<string> = new Set(['^', '$', '/', '//', '|'])

/**
 * What of these patterns matches nothing in the inventory for versions in the given ranges. `$set`s and files are not
 * looked at; nor is what the inventory cannot know, unless `isForeignChecked`: functions of modules that it has not.
 */
export function unknownFunctions(
  patterns: readonly WrittenPattern[],
  inventory: SymbolInventory,
  options: CheckOptions,
): readonly UnknownFunction[] {
  return patterns.flatMap((pattern) => {
    const { path, text, kind } = pattern
    const tokens = kind === 'regex' ? [`~${text}~`] : text.trim().split(/\s+/)
    return tokens
      .filter((token) => !SEPARATORS.has(token) && !/^(?:\$|file:)/.test(token))
      .flatMap((token) => unknownIn(token, inventory, options))
      .map(({ token, ...unknown }) => ({
        ...unknown,
        token: kind === 'regex' ? text : token,
        path,
      }))
  })
}

function unknownIn(
  token: string,
  inventory: SymbolInventory,
  options: CheckOptions,
): readonly Omit<UnknownFunction, 'path'>[] {
  const variants = token.startsWith('~') ? [token] : singleChoices(token)
  return variants.flatMap((written) => {
    try {
      const { isFine, globs } = lookUp(written, inventory, options)
      return isFine ? [] : [{ written, token, globs }]
    } catch (error) {
      // The compiler of rules reports invalid patterns.
      if (error instanceof PatternError) return []
      throw error
    }
  })
}

/** Throws PatternError. */
function lookUp(
  written: string,
  inventory: SymbolInventory,
  { words, versions, isForeignChecked = false }: CheckOptions,
): { readonly isFine: boolean; readonly globs: readonly Glob[] } {
  const atoms = parsePath(written, words).steps.flatMap((step) => step.atoms)
  const globs = atoms.flatMap((atom) =>
    atom.kind === 'name' ? parseGlob(atom.glob.replace(CLOSURE, '')) : [],
  )
  const isForeign = globs.length > 0 && globs.every((glob) => isForeignName(glob, inventory))
  if (isForeign && !isForeignChecked) return { isFine: true, globs }
  const isFine = atoms.every((atom) => {
    if (atom.kind === 'file') return true
    if (atom.kind === 'name') return globs.some((glob) => hasFunction(inventory, glob, versions))
    const regex = safeRegex(atom.regex)
    return someFunction(inventory, (name) => regex.test(name), versions)
  })
  return { isFine, globs }
}

/**
 * Whether the name, as far as it is literal, begins in no module of the inventory and not in Go's own packages. `main`
 * is another package in each program.
 */
function isForeignName({ prefix }: Glob, { modules, packages }: SymbolInventory): boolean {
  const path = packageOf(prefix)
  if (path === 'main') return true
  const [first = ''] = path.split('/')
  const isGo = !first.includes('.') && [...packages.keys()].some((known) => known === first)
  return !isGo && !modules.some((module) => isWithin(path, module.path))
}

function isWithin(path: string, modulePath: string): boolean {
  return path === modulePath || path.startsWith(`${modulePath}/`)
}
