import { isRecord } from '../../api/json-value.ts'
import type { RuleDocument } from '../../diagnosis/index.ts'
import {
  type NearMiss,
  nearMisses,
  parseRuleWords,
  parseVersionRange,
  patternsOfRule,
  patternsOfWords,
  type SymbolInventory,
  type UnknownFunction,
  unknownFunctions,
  type VersionsByTrack,
} from '../../diagnosis/symbols.ts'
import type { UnlocatedFault } from '../../judge/index.ts'
import { nearestFunction } from './nearest-function.ts'

/**
 * Names in rules that no version in their range has: a typo, or a name that was removed. Functions of modules that the
 * inventory does not cover are skipped, unless `isForeignChecked`.
 */
export function symbolFaults(
  documents: readonly RuleDocument[],
  wordsDocument: RuleDocument,
  inventory: SymbolInventory,
  { isForeignChecked = false } = {},
): readonly UnlocatedFault[] {
  const { words } = parseRuleWords(wordsDocument.document)
  return documents.flatMap(({ file, document }) => {
    const isWords = file === wordsDocument.file
    const patterns = isWords ? patternsOfWords(document) : patternsOfRule(document)
    const versions = isWords ? {} : versionsOf(document)
    const unknown = unknownFunctions(patterns, inventory, { words, versions, isForeignChecked })
    return [
      ...unknown.map((each) => ({
        file,
        path: each.path,
        part: each.token,
        message: messageOf(each, inventory),
      })),
      ...nearMisses(patterns, inventory, { words, versions }).map((miss) => ({
        file,
        path: miss.path,
        message: nearMissOf(miss),
      })),
    ]
  })
}

function nearMissOf({ packagePath, written, missed }: NearMiss): string {
  return `"${written}" has none of the functions of ${missed}; ${packagePath}{.*,/*} has both`
}

function messageOf({ written, globs }: UnknownFunction, inventory: SymbolInventory): string {
  const names = globs.map(({ prefix, middles, suffix }) =>
    [prefix, ...middles, suffix ?? ''].join(''),
  )
  for (const name of names) {
    const near = nearestFunction(name, inventory)
    if (near !== null) return `no known version has "${written}"; did you mean ${near}?`
  }
  return `no known version has "${written}"`
}

function versionsOf(document: unknown): VersionsByTrack {
  const read = (key: string) => {
    const value = isRecord(document) ? document[key] : null
    return typeof value === 'string' ? parseVersionRange(value) : null
  }
  const kubernetes = read('versions')
  const go = read('goVersions')
  return { ...(kubernetes === null ? {} : { kubernetes }), ...(go === null ? {} : { go }) }
}
