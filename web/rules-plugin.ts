import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { parse } from 'yaml'
import { compileRules, ruleImageOf } from '../diagnosis/index.ts'

const RULES_ID = 'virtual:rules'
const root = fileURLToPath(new URL('..', import.meta.url))
const CACHE_FILE = join(root, 'build', 'web-rules.json')
const WORDS_FILE = 'rules/words.yaml'
/** What the compiled rules depend on; compiling them takes a second. */
const SOURCES = ['rules', ...familiesIn('rules'), 'diagnosis/rule', 'diagnosis/pattern']

/** `import image from 'virtual:rules'` is the image of the built-in rules, compiled when the app is built. */
export function rulesPlugin(): Plugin {
  return {
    name: 'rules',
    resolveId: (id) => (id === RULES_ID ? `\0${RULES_ID}` : null),
    load: (id) =>
      id === `\0${RULES_ID}` ? `export default JSON.parse(${JSON.stringify(imageText())})` : null,
  }
}

function imageText(): string {
  const files = SOURCES.flatMap(filesIn)
  const hash = createHash('sha256')
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)))
  const key = hash.digest('hex')
  const kept = readCache()
  if (kept !== null && kept.startsWith(key)) return kept.slice(key.length)
  const text = JSON.stringify(compiled(files.filter((file) => file.endsWith('.yaml'))))
  mkdirSync(dirname(CACHE_FILE), { recursive: true })
  writeFileSync(CACHE_FILE, key + text)
  return text
}

function compiled(files: readonly string[]) {
  const documents = files.map((file) => {
    const document: unknown = parse(readFileSync(join(root, file), 'utf8'))
    return { file, document }
  })
  const words = documents.find(({ file }) => file === WORDS_FILE)
  if (words === undefined) throw new Error(`${WORDS_FILE} is missing`)
  const rules = documents.filter(({ file }) => file !== WORDS_FILE)
  const ruleSet = compileRules({ words, rules }, null)
  if (ruleSet.faults.length > 0) throw new Error(JSON.stringify(ruleSet.faults))
  return ruleImageOf(ruleSet, rules)
}

function familiesIn(folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return names.toSorted().map((name) => `${folder}/${name}`)
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(join(root, folder)).filter((name) => /\.(yaml|ts)$/.test(name))
  return names.toSorted().map((name) => `${folder}/${name}`)
}

function readCache(): string | null {
  try {
    return readFileSync(CACHE_FILE, 'utf8')
  } catch {
    return null
  }
}
