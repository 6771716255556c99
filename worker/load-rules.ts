import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Yaml from 'yaml'
import { compileRules, type RuleDocument, type RuleSet, type RuleSources } from '../diagnosis/index.ts'

/** The rules that come with kubeprof. */
export const BUILT_IN_RULES = fileURLToPath(new URL('../rules/', import.meta.url))
const CACHE_FILE = fileURLToPath(new URL('../build/rules-cache.json', import.meta.url))
const FILES_MAX = 1000
const FILE_BYTES_MAX = 256 * 1024

/** What is wrong in a rule's file, and where. */
export interface LocatedFault {
  readonly file: string
  /** From 1; `null` where the file as a whole is meant. */
  readonly line: number | null
  readonly column: number | null
  readonly message: string
}

export interface LoadedRules {
  readonly ruleSet: RuleSet
  /** Rules that were left out. The others work. */
  readonly faults: readonly LocatedFault[]
}

/** Loads the built-in rules and those of further folders. */
export function loadRules(directories: readonly string[] = []): LoadedRules {
  const builtIn = readBuiltIn()
  const read = directories.map((directory) => readDocuments(rulesIn(directory)))
  const sources = {
    words: builtIn.words,
    rules: [...builtIn.rules, ...read.flatMap(({ documents }) => documents)],
  }
  const ruleSet = compileRules(sources)
  const faults = [...read.flatMap((rules) => rules.faults), ...locateFaults(ruleSet.faults)]
  return { ruleSet, faults }
}

/** The built-in rules as plain data, for a place that has no files: the web build puts them into the page. */
export function readBuiltInRules(): RuleSources {
  return readBuiltIn()
}

/** Reads rules from these files, beside what the built-in ones share. */
export function loadRuleFiles(files: readonly string[]): LoadedRules {
  const { documents, faults } = readDocuments(files)
  const ruleSet = compileRules({ words: readBuiltIn().words, rules: documents })
  return { ruleSet, faults: [...faults, ...locateFaults(ruleSet.faults)] }
}

/**
 * YAML takes some 2 ms a file to read, so the built-in rules are kept as JSON until one of their files changes. Where
 * the cache cannot be written, they are read each time.
 */
function readBuiltIn(): RuleSources {
  const wordsFile = join(BUILT_IN_RULES, 'shared', 'words.yaml')
  const files = [wordsFile, ...rulesIn(BUILT_IN_RULES)]
  const key = files.map((file) => `${basename(file)} ${stampOf(file)}`).join('\n')
  const cached = readCache(key)
  if (cached !== null) return cached
  const { documents, faults } = readDocuments(files)
  if (faults.length > 0) throw new Error(faults.map(describeFault).join('\n'))
  const [words, ...rules] = documents
  writeCache(key, { words, rules })
  return { words, rules }
}

export function describeFault({ file, line, column, message }: LocatedFault): string {
  const place = line === null ? file : `${file}:${line}:${column}`
  return `${place}: ${message}`
}

/** The rule files of a folder, by name. What is in folders below is not a rule. */
function rulesIn(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name))
  if (names.length > FILES_MAX) throw new Error(`${directory} holds more than ${FILES_MAX} rules`)
  return names.sort().map((name) => join(directory, name))
}

function readDocuments(files: readonly string[]) {
  const documents: RuleDocument[] = []
  const faults: LocatedFault[] = []
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    if (text.length > FILE_BYTES_MAX) {
      faults.push(faultAt(file, `is longer than ${FILE_BYTES_MAX} bytes`))
      continue
    }
    const parsed = yaml().parseDocument(text)
    const [error] = parsed.errors
    if (error === undefined) documents.push({ file, document: parsed.toJS({ maxAliasCount: 100 }) })
    else {
      const [{ line, col }] = error.linePos ?? [{ line: 1, col: 1 }]
      const [message] = error.message.split('\n')
      faults.push({ file, line, column: col, message })
    }
  }
  return { documents, faults }
}

/** Finds line and column of what the compiler names by its path in the document. */
function locateFaults(faults: RuleSet['faults']): readonly LocatedFault[] {
  return faults.map(({ file, path, message }) => {
    const lineCounter = new (yaml().LineCounter)()
    const document = yaml().parseDocument(readFileSync(file, 'utf8'), { lineCounter })
    const where = path.length === 0 ? '' : `${path.join('.')} `
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true)
      if (!yaml().isNode(node) || !node.range) continue
      const { line, col } = lineCounter.linePos(node.range[0])
      return { file, line, column: col, message: `${where}${message}` }
    }
    return { ...faultAt(file, `${where}${message}`), line: 1, column: 1 }
  })
}

function faultAt(file: string, message: string): LocatedFault {
  return { file, line: null, column: null, message }
}

/** Loaded when a rule has changed, which for most runs is never. */
function yaml(): typeof Yaml {
  return createRequire(import.meta.url)('yaml') as typeof Yaml
}

function stampOf(file: string): string {
  const { size, mtimeMs } = statSync(file)
  return `${size} ${mtimeMs}`
}

interface RulesCache extends RuleSources {
  readonly key: string
}

function readCache(key: string): RuleSources | null {
  try {
    const cache = JSON.parse(readFileSync(CACHE_FILE, 'utf8')) as RulesCache
    return cache.key === key ? cache : null
  } catch {
    return null
  }
}

function writeCache(key: string, sources: RuleSources): void {
  const draft = `${CACHE_FILE}.${process.pid}`
  try {
    mkdirSync(dirname(CACHE_FILE), { recursive: true })
    writeFileSync(draft, JSON.stringify({ key, ...sources }))
    renameSync(draft, CACHE_FILE)
  } catch {
    // A read-only installation reads its rules anew each time.
  }
}
