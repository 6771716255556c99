import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  compileRules,
  type RuleDocument,
  type RuleFault,
  type RuleSet,
  type RuleSources,
} from '../diagnosis/index.ts'

/** The rules that come with kubeprof. */
export const BUILT_IN_RULES = fileURLToPath(new URL('../rules/', import.meta.url))
const CACHE_FILE = fileURLToPath(new URL('../build/rules-cache.json', import.meta.url))
const WORDS_FILE = join('shared', 'words.yaml')
const FILES_MAX = 1000
const FILE_BYTES_MAX = 256 * 1024

/** What is wrong in a rule's file, and where. */
export interface LocatedFault {
  readonly file: string
  /** Both from 1. */
  readonly line: number
  readonly column: number
  readonly message: string
}

export interface LoadedRules {
  readonly ruleSet: RuleSet
  /** Of rules that were left out. The others work. */
  readonly faults: readonly LocatedFault[]
}

/** Loads the rules of a folder with a `shared/words.yaml`, and of further folders that use its words. */
export async function loadRules(
  directory = BUILT_IN_RULES,
  further: readonly string[] = [],
): Promise<LoadedRules> {
  const { words, rules, isChecked = false } = await readRules(directory)
  const files = further.flatMap(rulesIn)
  if (files.length === 0) return compile({ words, rules, isChecked }, [])
  const added = await readDocuments(files)
  return compile({ words, rules: [...rules, ...added.documents] }, added.faults)
}

/** Reads rules from these files alone, with the words that the built-in ones share. */
export async function loadRuleFiles(files: readonly string[]): Promise<LoadedRules> {
  const { words } = await readRules(BUILT_IN_RULES)
  const { documents, faults } = await readDocuments(files)
  return compile({ words, rules: documents }, faults)
}

/**
 * The rules of a folder as plain data, for a place that has no files: the web build puts them into the page. YAML takes
 * some 2 ms a file to read, so they are kept as JSON until a file changes; where that cannot be written they are read
 * each time. Throws where a file is no YAML.
 */
export async function readRules(directory: string): Promise<RuleSources> {
  const files = ruleFiles(directory)
  const key = files.map((file) => `${file} ${stampOf(file)}`).join('\n')
  const cached = readCache(key)
  if (cached !== null) return cached
  const { documents, faults } = await readDocuments(files)
  if (faults.length > 0) throw new Error(faults.map(describeFault).join('\n'))
  const [words, ...rules] = documents
  const isChecked = compileRules({ words, rules }).faults.length === 0
  if (isChecked) writeCache({ key, words, rules, isChecked })
  return { words, rules, isChecked }
}

/** Moves when any file of the folder does. */
export async function ruleSetVersion(directory: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of ruleFiles(directory)) hash.update(readFileSync(file)).update('\0')
  return hash.digest('hex').slice(0, 16)
}

export function describeFault({ file, line, column, message }: LocatedFault): string {
  return `${file}:${line}:${column}: ${message}`
}

function ruleFiles(directory: string): readonly string[] {
  return [join(directory, WORDS_FILE), ...rulesIn(directory)]
}

/** The rule files of a folder, by name. What is in folders below is no rule. */
export function rulesIn(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name))
  if (names.length > FILES_MAX) throw new Error(`${directory} holds more than ${FILES_MAX} rules`)
  return names.sort().map((name) => join(directory, name))
}

async function compile(sources: RuleSources, faults: readonly LocatedFault[]) {
  const ruleSet = compileRules(sources)
  const located = ruleSet.faults.length === 0 ? [] : await locateFaults(ruleSet.faults)
  return { ruleSet, faults: [...faults, ...located] }
}

/** The documents of rule files, as their YAML says them, and what is no YAML. */
export async function readDocuments(files: readonly string[]): Promise<{
  readonly documents: readonly RuleDocument[]
  readonly faults: readonly LocatedFault[]
}> {
  const documents: RuleDocument[] = []
  const faults: LocatedFault[] = []
  if (files.length === 0) return { documents, faults }
  const { parseDocument } = await import('yaml')
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    if (text.length > FILE_BYTES_MAX) {
      faults.push({ file, line: 1, column: 1, message: `longer than ${FILE_BYTES_MAX} bytes` })
      continue
    }
    const parsed = parseDocument(text)
    const [error] = parsed.errors
    if (error === undefined) {
      const document: unknown = parsed.toJS({ maxAliasCount: 100 })
      documents.push({ file, document })
      continue
    }
    const [{ line, col }] = error.linePos ?? [{ line: 1, col: 1 }]
    const [message] = error.message.split(' at line ')
    faults.push({ file, line, column: col, message })
  }
  return { documents, faults }
}

/** A fault in a rule's document; `part` is the text within the value at its path that is meant. */
export interface UnlocatedFault extends RuleFault {
  readonly part?: string
}

/** Finds line and column of what the compiler names by its path in the document. */
export async function locateFaults(
  faults: readonly UnlocatedFault[],
): Promise<readonly LocatedFault[]> {
  const { isNode, LineCounter, parseDocument } = await import('yaml')
  return faults.map(({ file, path, message, part = '' }) => {
    const lineCounter = new LineCounter()
    const source = readFileSync(file, 'utf8')
    const document = parseDocument(source, { lineCounter })
    const named = path.length === 0 ? message : `${path.join('.')}: ${message}`
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true)
      if (!isNode(node) || !node.range) continue
      const [start, end] = node.range
      const partAt = source.slice(start, end).indexOf(part)
      const { line, col } = lineCounter.linePos(start + Math.max(partAt, 0))
      return { file, line, column: col, message: named }
    }
    return { file, line: 1, column: 1, message: named }
  })
}

function stampOf(file: string): string {
  const { size, mtimeMs } = statSync(file)
  return `${size} ${mtimeMs}`
}

interface RulesCache extends RuleSources {
  /** The files with their sizes and times when they were read. */
  readonly key: string
}

function readCache(key: string): RuleSources | null {
  try {
    const cache: unknown = JSON.parse(readFileSync(CACHE_FILE, 'utf8'))
    return isRulesCache(cache) && cache.key === key ? cache : null
  } catch {
    return null
  }
}

function isRulesCache(value: unknown): value is RulesCache {
  const isObject = typeof value === 'object' && value !== null
  return isObject && 'key' in value && 'words' in value && 'rules' in value
}

function writeCache(cache: RulesCache): void {
  const draft = `${CACHE_FILE}.${process.pid}`
  try {
    mkdirSync(dirname(CACHE_FILE), { recursive: true })
    writeFileSync(draft, JSON.stringify(cache))
    renameSync(draft, CACHE_FILE)
  } catch {
    // A read-only installation reads its rules anew each time.
  }
}
