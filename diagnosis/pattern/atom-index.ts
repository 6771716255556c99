import { type Glob, globMatches, parseGlob } from './glob.ts'
import { type Atom, atomKey } from './path-pattern.ts'
import { type SafeRegex, safeRegex } from './safe-regex.ts'

export type AtomIndexRow = number

/** An atom as it is looked up: plain data, so that it can be kept. */
export type AtomEntry = { readonly key: string } & (
  | { readonly kind: 'name'; readonly isExact: boolean; readonly globs: readonly Glob[] }
  | { readonly kind: 'regex'; readonly regex: string }
  | { readonly kind: 'file'; readonly globs: readonly Glob[] }
)

interface NameGlob {
  readonly atom: AtomIndexRow
  readonly glob: Glob
  readonly isExact: boolean
}

/** Closures and wrappers that Go makes of a function: `F.func1`, `F.func1.2`, `F.gowrap1`, `F-fm`, `F-range1`. */
const CLOSURE = /(?:\.(?:func|gowrap|deferwrap)?\d+|-fm|-range\d+|·dwrap·\d+)$/
/** Most names of Kubernetes share their first dozen characters: longer prefixes get buckets of their own. */
const BUCKET_LENGTHS = [32, 20, 12] as const

/** Profiles of one component share most of their functions; a process that judges many meets the same names again. */
const NAMES_KEPT_MAX = 20_000

/** Finds which of many atoms match a function, without trying them one by one. */
export class AtomIndex {
  /** By row. */
  readonly entries: AtomEntry[] = []
  readonly #rowOfKey = new Map<string, AtomIndexRow>()
  readonly #byName = new Map<string, NameGlob[]>()
  readonly #byPrefix = new Map<string, NameGlob[]>()
  readonly #shortPrefixes: NameGlob[] = []
  readonly #regexes: { readonly atom: AtomIndexRow; readonly regex: SafeRegex }[] = []
  readonly #rowsOfName = new Map<string, readonly AtomIndexRow[]>()
  readonly #files: { readonly atom: AtomIndexRow; readonly globs: readonly Glob[] }[] = []

  constructor(entries: readonly AtomEntry[] = []) {
    for (const entry of entries) this.#addEntry(entry)
  }

  get length(): number {
    return this.entries.length
  }

  /** The row of the atom; equal atoms share one. Throws PatternError for one that cannot be read. */
  add(atom: Atom): AtomIndexRow {
    const key = atomKey(atom)
    const known = this.#rowOfKey.get(key)
    if (known !== undefined) return known
    return this.#addEntry(
      atom.kind === 'regex' ? { ...atom, key } : { ...atom, key, globs: parseGlob(atom.glob) },
    )
  }

  /** The rows of the atoms that match a function of this normalised name, alias and file; ascending, each once. */
  match(name: string, alias: string | null, file: string): readonly AtomIndexRow[] {
    const rows = new Set(this.#matchName(name))
    if (alias !== null) for (const row of this.#matchName(alias)) rows.add(row)
    for (const { atom, globs } of this.#files) {
      if (globs.some((glob) => globMatches(glob, file))) rows.add(atom)
    }
    return [...rows].sort((a, b) => a - b)
  }

  #addEntry(entry: AtomEntry): AtomIndexRow {
    const row = this.entries.push(entry) - 1
    this.#rowOfKey.set(entry.key, row)
    this.#rowsOfName.clear()
    if (entry.kind === 'name') this.#addName(row, entry)
    else if (entry.kind === 'file') this.#files.push({ atom: row, globs: entry.globs })
    else this.#regexes.push({ atom: row, regex: safeRegex(entry.regex) })
    return row
  }

  #addName(row: AtomIndexRow, { globs, isExact }: Extract<AtomEntry, { kind: 'name' }>): void {
    for (const glob of globs) {
      const entry = { atom: row, glob, isExact }
      if (glob.suffix === null) pushTo(this.#byName, glob.prefix, entry)
      else this.#addPrefix(glob.prefix, entry)
    }
  }

  #addPrefix(prefix: string, entry: NameGlob): void {
    const length = BUCKET_LENGTHS.find((least) => prefix.length >= least)
    if (length === undefined) this.#shortPrefixes.push(entry)
    else pushTo(this.#byPrefix, prefix.slice(0, length), entry)
  }

  #matchName(name: string): readonly AtomIndexRow[] {
    const known = this.#rowsOfName.get(name)
    if (known !== undefined) return known
    if (this.#rowsOfName.size >= NAMES_KEPT_MAX) this.#rowsOfName.clear()
    const rows = [...this.#findRows(name)]
    this.#rowsOfName.set(name, rows)
    return rows
  }

  #findRows(name: string): ReadonlySet<AtomIndexRow> {
    const rows = new Set<AtomIndexRow>()
    const buckets = BUCKET_LENGTHS.map((length) => this.#byPrefix.get(name.slice(0, length)) ?? [])
    let end = name.length
    for (let isWhole = true; ; isWhole = false) {
      const base = isWhole ? name : name.slice(0, end)
      for (const { atom, isExact } of this.#byName.get(base) ?? []) {
        if (isWhole || !isExact) rows.add(atom)
      }
      matchGlobs(this.#shortPrefixes, base, isWhole, rows)
      for (const globs of buckets) matchGlobs(globs, base, isWhole, rows)
      const closure = CLOSURE.exec(base)
      if (closure === null) break
      end = closure.index
    }
    for (const { atom, regex } of this.#regexes) if (regex.test(name)) rows.add(atom)
    return rows
  }
}

function matchGlobs(
  globs: readonly NameGlob[],
  name: string,
  isWhole: boolean,
  rows: Set<AtomIndexRow>,
): void {
  for (const { atom, glob, isExact } of globs) {
    if ((isWhole || !isExact) && globMatches(glob, name)) rows.add(atom)
  }
}

function pushTo(map: Map<string, NameGlob[]>, key: string, entry: NameGlob): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [entry])
  else list.push(entry)
}
