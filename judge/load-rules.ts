import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  compileRules,
  OVERRIDES_FILE,
  type RuleDocument,
  type RuleFault,
  type RuleSet,
  type RuleImage,
  ruleImageOf,
  ruleSetOf,
  type RuleSources,
} from '../diagnosis/index.ts'

/** The rules that come with kubeprof: a folder for each first word of their ids, with folders by subject where it has many. */
export const BUILT_IN_RULES = fileURLToPath(new URL('../rules/', import.meta.url))
const CACHE_FILE = fileURLToPath(new URL('../build/rules-cache.json', import.meta.url))
const WORDS_FILE = 'words.yaml'
/**
 * Digest of the code that compiles rules, taken when this process loads it: a process that outlives an upgrade must not
 * cache rules in its older form for the newer code.
 */
const COMPILER_KEY = ['rule', 'pattern']
  .flatMap((name) => filesIn(fileURLToPath(new URL(`../diagnosis/${name}/`, import.meta.url))))
  .map(keyOfFile)
  .join('\n')
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

/**
 * Loads the rules of a folder with a `words.yaml`, and of further folders that use its words. Compiling takes a
 * hundred milliseconds, so the result is cached until a file of the folder, or the compiler, changes. Throws if a file
 * of the folder is not YAML.
 */
export async function loadRules(
  directory = BUILT_IN_RULES,
  further: readonly string[] = [],
): Promise<LoadedRules> {
  const own = await loadFolder(directory)
  const files = further.flatMap(rulesIn)
  if (files.length === 0) return own
  const added = await compileFiles(files, directory, own.ruleSet)
  return { ruleSet: added.ruleSet, faults: [...own.faults, ...added.faults] }
}

/**
 * Reads rules beside the built-in ones, which they may combine. One with the id of a built-in rule replaces it. Reports
 * faults of these files only.
 */
export async function loadRuleFiles(files: readonly string[]): Promise<LoadedRules> {
  const { ruleSet } = await loadFolder(BUILT_IN_RULES)
  const { documents, faults } = await readDocuments(files)
  const ids = new Set(documents.map(({ document }) => idOf(document)))
  const isKept = ({ id }: { readonly id: string }) => !ids.has(id)
  const { rules, combined } = ruleSet
  const base = { ...ruleSet, rules: rules.filter(isKept), combined: combined.filter(isKept) }
  const compiled = await compileDocuments(documents, BUILT_IN_RULES, base)
  return { ruleSet: compiled.ruleSet, faults: [...faults, ...compiled.faults] }
}

function idOf(document: unknown): unknown {
  const isMapping = typeof document === 'object' && document !== null
  return isMapping && 'id' in document ? document.id : null
}

function isOverrides({ file }: RuleDocument): boolean {
  return basename(file) === OVERRIDES_FILE
}

/** Compiles rules, and the overrides among their files, with the words of a folder. */
async function compileFiles(
  files: readonly string[],
  directory: string,
  base: RuleSet,
): Promise<LoadedRules> {
  const { documents, faults } = await readDocuments(files)
  const compiled = await compileDocuments(documents, directory, base)
  return { ruleSet: compiled.ruleSet, faults: [...faults, ...compiled.faults] }
}

async function compileDocuments(
  documents: readonly RuleDocument[],
  directory: string,
  base: RuleSet,
): Promise<LoadedRules> {
  const sources = {
    words: await readWords(directory),
    rules: documents.filter((document) => !isOverrides(document)),
    overrides: documents.filter(isOverrides),
  }
  return compile(sources, base)
}

/** The rules of a folder, uncompiled. Throws if a file is not YAML. */
export async function readRules(directory: string): Promise<RuleSources> {
  const { documents, faults } = await readDocuments(ruleFiles(directory))
  if (faults.length > 0) throw new Error(faults.map(describeFault).join('\n'))
  const [words, ...rules] = documents
  if (words === undefined) throw new Error(`${directory} has no ${WORDS_FILE}`)
  return { words, rules }
}

/** The built-in rules as data, for a program that carries them. Throws if one has a fault. */
export async function builtInRuleImage(): Promise<RuleImage> {
  const { image, faults } = await loadFolder(BUILT_IN_RULES)
  if (image === null) throw new Error(faults.map(describeFault).join('\n'))
  return image
}

interface LoadedFolder extends LoadedRules {
  /** Null if a rule has a fault. */
  readonly image: RuleImage | null
}

async function loadFolder(directory: string): Promise<LoadedFolder> {
  const key = [COMPILER_KEY, ...ruleFiles(directory).map(keyOfFile)].join('\n')
  const kept = readCache(key)
  if (kept !== null) return { image: kept, ruleSet: ruleSetOf(kept), faults: [] }
  const sources = await readRules(directory)
  const { ruleSet, faults } = await compile(sources)
  if (faults.length > 0) return { image: null, ruleSet, faults }
  const image = ruleImageOf(ruleSet, sources.rules)
  writeCache({ key, image })
  return { image, ruleSet, faults }
}

async function readWords(directory: string): Promise<RuleDocument> {
  const { documents, faults } = await readDocuments([join(directory, WORDS_FILE)])
  const [words] = documents
  if (words === undefined) throw new Error(faults.map(describeFault).join('\n'))
  return words
}

/** Moves when any file of the folders does. */
export async function ruleSetVersion(
  directory: string,
  further: readonly string[] = [],
): Promise<string> {
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  for (const file of [...ruleFiles(directory), ...further.flatMap(rulesIn)])
    hash.update(readFileSync(file)).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** Where the page of a built-in rule lies in `docs/rules`, without the ending: `etcd/defrag` for `etcd.defrag`. */
export function pageOfRule(id: string): string {
  return id.replace('.', '/')
}

export function describeFault({ file, line, column, message }: LocatedFault): string {
  return `${file}:${line}:${column}: ${message}`
}

function ruleFiles(directory: string): readonly string[] {
  return [join(directory, WORDS_FILE), ...rulesIn(directory)]
}

/**
 * The rule files of a folder and of those in it, by name. Hidden folders are not read: a mounted ConfigMap has each file
 * in one of these, too.
 */
export function rulesIn(directory: string): readonly string[] {
  const files = foldersFrom(directory).flatMap(filesIn).filter(isRuleFile)
  if (files.length > FILES_MAX) throw new Error(`${directory} holds more than ${FILES_MAX} rules`)
  return files
}

/** A folder and all below it, but for hidden ones and those that cannot be read, as `lost+found`. */
function foldersFrom(directory: string): readonly string[] {
  const inner = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(directory, name))
  return [directory, ...inner.sort().filter(isReadable).flatMap(foldersFrom)]
}

function isReadable(directory: string): boolean {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isRuleFile(file: string): boolean {
  return /\.ya?ml$/.test(file) && resolve(file) !== join(BUILT_IN_RULES, WORDS_FILE)
}

async function compile(sources: RuleSources, base: RuleSet | null = null): Promise<LoadedRules> {
  const ruleSet = compileRules(sources, base)
  const faults = ruleSet.faults.length === 0 ? [] : await locateFaults(ruleSet.faults)
  return { ruleSet, faults }
}

/** The parsed documents of rule files, and the files that are not YAML. */
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
    const [message = error.message] = error.message.split(' at line ')
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

function keyOfFile(file: string): string {
  const { size, mtimeMs } = statSync(file)
  return `${file} ${size} ${mtimeMs}`
}

/** The files of a folder, by name; none where the folder is not there, as in a bundle. */
function filesIn(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).sort()
    return names.map((name) => join(directory, name))
  } catch {
    return []
  }
}

interface RulesCache {
  /** The files with their sizes and times when they were read. */
  readonly key: string
  readonly image: RuleImage
}

function readCache(key: string): RuleImage | null {
  try {
    const cache: unknown = JSON.parse(readFileSync(CACHE_FILE, 'utf8'))
    return isRulesCache(cache) && cache.key === key ? cache.image : null
  } catch {
    return null
  }
}

/** We wrote it, and its key names the code it is of. */
function isRulesCache(value: unknown): value is RulesCache {
  return typeof value === 'object' && value !== null && 'key' in value && 'image' in value
}

function writeCache(cache: RulesCache): void {
  const draft = `${CACHE_FILE}.${process.pid}`
  try {
    mkdirSync(dirname(CACHE_FILE), { recursive: true })
    writeFileSync(draft, JSON.stringify(cache))
    renameSync(draft, CACHE_FILE)
  } catch {
    // A read-only installation compiles its rules anew each time.
  }
}
