import { expect, test } from 'vitest'
import { readInventory } from '../../cli/rules/read-inventory.ts'
import { parseGlob } from '../../diagnosis/pattern/glob.ts'
import {
  parsePath,
  parseRuleWords,
  parseVersionRange,
  type VersionRange,
} from '../../diagnosis/symbols.ts'
import { hasFunction } from '../../diagnosis/symbols/symbol-inventory.ts'
import { rangesMeet } from '../../diagnosis/rule/version-range.ts'
import { BUILT_IN_RULES, readRules } from '../../judge/load-rules.ts'

const inventory = readInventory()
const { words: wordsDocument, rules } = await readRules(BUILT_IN_RULES)
const { words } = parseRuleWords(wordsDocument.document)

const VERSIONS = ['1.19', '1.20', '1.21', '1.22', '1.23', '1.24', '1.26', '1.30', '1.33', '1.36']
/** Go makes closures and wrappers of a function; the inventory has none. */
const CLOSURE = /\.(?:func|gowrap|deferwrap)[\d*].*$|-fm$|-range[\d*]+$/

type Mapping = Readonly<Record<string, unknown>>

function mapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** What the first measure of each of a rule's signals looks for. */
function mainPredicates(rule: Mapping): readonly Mapping[] {
  const also = Array.isArray(rule['also']) ? rule['also'].map(mapping) : []
  return [rule, ...also].map((signal) => {
    const [main = signal] = Object.values(mapping(signal['measures'])).map(mapping)
    const [predicate] = Object.entries(main).flatMap(([key, value]) =>
      ['where', 'largest', 'growing', 'together', 'lock', 'place', 'risen'].includes(key)
        ? [value]
        : [],
    )
    return mapping(predicate)
  })
}

/** Whether the predicate can match in a version of Kubernetes; what is not Kubernetes' own can in all. */
function canMatch(predicate: Mapping, range: VersionRange): boolean {
  const [any, all] = [texts(predicate['any']), texts(predicate['all'])]
  const isSeen = (text: string) => isPathSeen(text, range)
  return (any.length === 0 || any.some(isSeen)) && all.every(isSeen)
}

function isPathSeen(text: string, range: VersionRange): boolean {
  const isSet = text.startsWith('$') && !text.includes(' ')
  const paths = isSet ? (words.sets[text.slice(1)] ?? []) : [text]
  return paths.some((path) =>
    parsePath(path, words).steps.every(({ atoms }) =>
      atoms.some(
        (atom) =>
          atom.kind !== 'name' ||
          !atom.glob.startsWith('k8s.io/') ||
          parseGlob(atom.glob.replace(CLOSURE, '')).some((glob) =>
            hasFunction(inventory, glob, { kubernetes: range }),
          ),
      ),
    ),
  )
}

test("a rule's versions are those in which its cause is visible", () => {
  const blind = rules.flatMap(({ file, document }) => {
    const rule = mapping(document)
    if (rule['combine'] !== undefined) return []
    const stated = parseVersionRange(typeof rule['versions'] === 'string' ? rule['versions'] : '')
    const versions = VERSIONS.filter((version) => {
      const range = parseVersionRange(version)
      if (range === null || (stated !== null && !rangesMeet(stated, range))) return false
      return !mainPredicates(rule).some((predicate) => canMatch(predicate, range))
    })
    return versions.map((version) => `${file.slice(BUILT_IN_RULES.length)} in ${version}`)
  })
  expect(blind).toEqual([])
})
