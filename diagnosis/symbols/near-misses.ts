import { type Glob, parseGlob, PatternError } from '../pattern/glob.ts'
import { parsePath, type PatternWords } from '../pattern/path-pattern.ts'
import type { DocumentPath } from '../rule/document-reader.ts'
import type { WrittenPattern } from './rule-patterns.ts'
import { hasFunction, type SymbolInventory } from './symbol-inventory.ts'
import type { CheckOptions } from './unknown-functions.ts'

/** A pattern that misses its target by a slash: `p/*` matches no function of p itself, `p.*` none of those in `p/q`. */
export interface NearMiss {
  readonly path: DocumentPath
  /** The package in question. */
  readonly packagePath: string
  /** As its functions are written by the pattern: `p/*`. */
  readonly written: string
  /** A package whose functions are left out. */
  readonly missed: string
}

/**
 * What these patterns leave out beside the slash. A pattern of the same list that has it makes it complete; one that
 * names functions of the package, and not all, shows that the choice was made.
 */
export function nearMisses(
  patterns: readonly WrittenPattern[],
  inventory: SymbolInventory,
  { words, versions }: Pick<CheckOptions, 'words' | 'versions'>,
): readonly NearMiss[] {
  const { packages } = inventory
  const paths = [...packages.keys()].filter((path) => !FOR_TESTS.test(path))
  // Of a version bound, only what its versions have.
  const isThere = (path: string) =>
    hasFunction(inventory, { prefix: `${path}.`, middles: [], suffix: '' }, versions)
  const listed = patterns.map((pattern) => ({
    path: pattern.path,
    list: pattern.path.slice(0, -1).join('.'),
    globs: globsOf(pattern, words),
  }))
  return listed.flatMap(({ path, list, globs }) => {
    const beside = listed.filter((other) => other.list === list).flatMap((other) => other.globs)
    return globs.flatMap((glob) => {
      if (!isWholePackage(glob)) return []
      const packagePath = glob.prefix.slice(0, -1)
      const other = glob.prefix.endsWith('/') ? `${packagePath}.` : `${packagePath}/`
      if (beside.some(({ prefix }) => prefix.startsWith(other))) return []
      const missed = glob.prefix.endsWith('/')
        ? paths.find((known) => known === packagePath && isThere(known))
        : packages.has(packagePath) &&
          paths.find((known) => known.startsWith(other) && isThere(known))
      if (missed === undefined || missed === false) return []
      return [{ path, packagePath, written: `${glob.prefix}*`, missed }]
    })
  })
}

const FOR_TESTS = /\/(?:test(?:s|ing|util|utils|server)?|fake|mock)(?:\/|$)/

/** All functions of a package, or of the packages below it: `p.*`, `p/*`. */
function isWholePackage({ prefix, middles, suffix }: Glob): boolean {
  return suffix === '' && middles.length === 0 && /[./]$/.test(prefix)
}

function globsOf({ text, kind }: WrittenPattern, words: PatternWords): readonly Glob[] {
  if (kind === 'regex') return []
  try {
    return parsePath(text, words)
      .steps.flatMap(({ atoms }) => atoms)
      .flatMap((atom) => (atom.kind === 'name' && !atom.isExact ? parseGlob(atom.glob) : []))
  } catch (error) {
    // The compiler of rules reports invalid patterns.
    if (error instanceof PatternError) return []
    throw error
  }
}
