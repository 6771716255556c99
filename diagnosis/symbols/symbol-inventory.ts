import { type Glob, globMatches } from '../pattern/glob.ts'
import { parseVersion, rangesMeet, type VersionRange } from '../rule/version-range.ts'

/** The functions that Kubernetes, etcd, containerd and Go are known to have. `rules/inventory/README.md` has the format. */
export interface SymbolInventory {
  readonly modules: readonly KnownModule[]
  /** By import path. */
  readonly packages: ReadonlyMap<string, KnownPackage>
}

export interface KnownModule {
  /** Versions of modules of one track are comparable: `kubernetes`, `go`, `etcd`. */
  readonly track: string
  readonly path: string
  /** Those that were read, oldest first: `1.30` of Kubernetes and its libraries, and of Go. */
  readonly versions: readonly string[]
}

export interface KnownPackage {
  readonly path: string
  readonly groups: readonly KnownFunctions[]
}

/** Functions of a package that the same versions have. */
export interface KnownFunctions {
  readonly module: KnownModule
  /** Bit `i` stands for `module.versions[i]`. */
  readonly versionBits: number
  /** What follows the package's path and its dot: `(*store).GetList`. */
  readonly names: readonly string[]
}

/** Versions that a rule is for, by track. A track that is not named has no bounds. */
export type VersionsByTrack = Readonly<Record<string, VersionRange>>

const HEADER = 'kubeprof inventory 1'

/** Reads the text of `rules/inventory/symbols.txt.gz`. Throws for another format. */
export function parseInventory(text: string): SymbolInventory {
  const lines = text.split('\n')
  if (lines[0] !== HEADER) throw new Error(`the inventory does not begin with "${HEADER}"`)
  const modules: KnownModule[] = []
  const packages = new Map<string, { path: string; groups: KnownFunctions[] }>()
  let groups: KnownFunctions[] = []
  let names: string[] = []
  for (const line of lines.slice(1)) {
    if (line.startsWith('module ')) {
      const [, track = '', path = '', ...versions] = line.split(' ')
      modules.push({ track, path, versions })
    } else if (line.startsWith('package ')) {
      const path = line.slice('package '.length)
      const known = packages.get(path) ?? { path, groups: [] }
      packages.set(path, known)
      groups = known.groups
    } else if (line.startsWith('in ')) {
      const versionBits = Number.parseInt(line.slice('in '.length), 16)
      names = []
      groups.push({ module: modules[modules.length - 1], versionBits, names })
    } else if (line !== '' && !line.startsWith('#')) {
      names.push(line)
    }
  }
  return { modules, packages }
}

/** Whether a function that the glob matches exists in a version of these. */
export function hasFunction(
  inventory: SymbolInventory,
  glob: Glob,
  versions: VersionsByTrack,
): boolean {
  const packages =
    glob.suffix === null
      ? [inventory.packages.get(packageOf(glob.prefix))]
      : [...inventory.packages.values()].filter(({ path }) => mayHold(path, glob))
  return packages.some((known) =>
    known?.groups.some(
      (group) =>
        isOfVersions(group, versions) &&
        group.names.some((name) => globMatches(glob, wholeName(known.path, name))),
    ),
  )
}

/** Whether any function's whole name passes the test, in a version of these. */
export function someFunction(
  inventory: SymbolInventory,
  test: (name: string) => boolean,
  versions: VersionsByTrack,
): boolean {
  for (const { path, groups } of inventory.packages.values()) {
    for (const group of groups) {
      if (!isOfVersions(group, versions)) continue
      if (group.names.some((name) => test(wholeName(path, name)))) return true
    }
  }
  return false
}

/** Some functions written in assembly have no package. */
function wholeName(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

/** The import path in a function's name: what stands before the first dot behind the last slash. */
export function packageOf(name: string): string {
  const receiver = name.search(/[([]/)
  const path = receiver === -1 ? name : name.slice(0, receiver)
  const dot = path.indexOf('.', path.lastIndexOf('/') + 1)
  return dot === -1 ? path : path.slice(0, dot)
}

/** A version bound that no version of the module meets asks nothing: the inventory does not have all versions. */
function isOfVersions({ module, versionBits }: KnownFunctions, versions: VersionsByTrack): boolean {
  if (!Object.hasOwn(versions, module.track)) return true
  const range = versions[module.track]
  const isMet = module.versions.map((version) => {
    const min = parseVersion(version) ?? 0
    return rangesMeet({ min, max: min + 999 }, range)
  })
  return !isMet.includes(true) || isMet.some((met, bit) => met && ((versionBits >> bit) & 1) === 1)
}

function mayHold(path: string, { prefix }: Glob): boolean {
  if (path === '') return true
  return prefix.length <= path.length ? path.startsWith(prefix) : prefix.startsWith(`${path}.`)
}
