import type { Profile } from '../types.ts'

/** How functions are called in merging, diff, rules and display. The raw name stays in the profile for export. */
export interface FuncNames {
  /** The normalised name of each func. */
  readonly names: readonly string[]
  /**
   * A closure of an inlined function is named after the function it was inlined into. The alias names it after the
   * function it was written in; `null` for nearly all, where that is the name already.
   */
  readonly aliases: readonly (string | null)[]
}

/** Names repeat from profile to profile, so they are worked out once a process. */
const normalised = new Map<string, string>()
const CACHED_NAMES_MAX = 100_000

/** Normalised names and aliases of all functions of a profile. */
export function nameFuncs(profile: Profile): FuncNames {
  const { funcs, strings } = profile
  const names: string[] = []
  const aliases: (string | null)[] = []
  for (let func = 0; func < funcs.length; func++) {
    const rawName = strings[funcs.name[func]]
    const name = normaliseFuncName(rawName)
    names.push(name)
    aliases.push(aliasOfClosure(rawName, name, strings[funcs.file[func]]))
  }
  return { names, aliases }
}

/**
 * One name for one function whatever built it: without the path before `/vendor/`, with `%2e` read, with type arguments
 * and literal types elided (`F[go.shape.int]` and `F[...]` are both `F[...]`). Normalised names hold no blanks.
 */
export function normaliseFuncName(rawName: string): string {
  const known = normalised.get(rawName)
  if (known !== undefined) return known
  if (normalised.size >= CACHED_NAMES_MAX) normalised.clear()
  const name = unescapePath(elideGroups(rawName)).replaceAll(/\s+/g, '')
  normalised.set(rawName, name)
  return name
}

function unescapePath(name: string): string {
  const vendor = name.lastIndexOf('/vendor/')
  const plain = vendor === -1 ? name : name.slice(vendor + '/vendor/'.length)
  // The linker escapes dots in the last element of an import path: gopkg.in/yaml%2ev2.Unmarshal.
  return plain.replaceAll(/%2e/gi, '.')
}

/** `[...]` for each outermost bracket group, `{...}` for each outermost brace group, where all of them match. */
function elideGroups(rawName: string): string {
  if (!rawName.includes('[') && !rawName.includes('{')) return rawName
  let name = ''
  const open: string[] = []
  for (const char of rawName) {
    if (char === '[' || char === '{') {
      if (open.length === 0) name += char === '[' ? '[...]' : '{...}'
      open.push(char === '[' ? ']' : '}')
    } else if (char === ']' || char === '}') {
      if (open.pop() !== char) return rawName
    } else if (open.length === 0) name += char
  }
  return open.length === 0 ? name : rawName
}

/** What the compiler appends for closures and wrappers: `.func2.1`, `.gowrap1`, `-range1`, `-fm`. */
const CLOSURE_SUFFIX = /(?:\.(?:func|gowrap|deferwrap)?\d+|-range\d+|-fm)+$/

/** The last name of a path of names, with its receiver and type arguments: `(*Group).StartWithChannel`. */
const LAST_NAME = /(?:\(\*?[^()]*\)\.)?[^.()/[\]]+(?:\[\.\.\.\])?$/

/**
 * Since Go 1.21 a closure of an inlined function is named after the function it was inlined into:
 * `k8s.io/apiextensions-apiserver/pkg/apiserver.(*crdHandler).serveResource.ListResource.func2` is a closure of
 * `handlers.ListResource`, `handlers.CreateResource.createHandler.func1` one of `handlers.createHandler`. The file still
 * shows which package it is from, so the alias is the file's package with the last name before the closure
 * (https://github.com/golang/go/issues/60324).
 */
function aliasOfClosure(rawName: string, name: string, file: string): string | null {
  const suffix = CLOSURE_SUFFIX.exec(name)
  if (suffix === null) return null
  const inFile = packageOfFile(file)
  if (inFile === null) return null
  const inName = packageOfName(rawName)
  if (inName === 'main') return null
  const writtenIn = LAST_NAME.exec(name.slice(0, suffix.index))
  if (writtenIn === null) return null
  const alias = `${inFile}.${writtenIn[0]}${suffix[0]}`
  return alias === name ? null : alias
}

/** The import path in front of a function's raw name. */
export function packageOfName(rawName: string): string {
  const elided = elideGroups(rawName)
  // A receiver may contain a path.
  const parenthesis = elided.indexOf('(')
  const head = parenthesis === -1 ? elided : elided.slice(0, parenthesis)
  const dot = head.indexOf('.', head.lastIndexOf('/') + 1)
  return unescapePath(dot === -1 ? head : head.slice(0, dot))
}

/**
 * The import path of a source file, or `null` if unknown: from the module cache, a GOROOT or GOPATH, or a path that
 * `-trimpath` has shortened.
 */
export function packageOfFile(file: string): string | null {
  const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')))
  const start = startOfImportPath(folder)
  if (start === -1) return null
  return folder
    .slice(start)
    .replace(/@[^/]*/, '')
    .replaceAll(/!([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function startOfImportPath(folder: string): number {
  for (const mark of ['/vendor/', '/pkg/mod/', '/src/']) {
    const at = folder.lastIndexOf(mark)
    if (at !== -1) return at + mark.length
  }
  if (folder.startsWith('vendor/')) return 'vendor/'.length
  return folder === '' || folder.startsWith('/') || folder.startsWith('.') ? -1 : 0
}
