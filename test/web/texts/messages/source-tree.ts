import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

/** A node of ESTree, as far as the search for messages reads it. */
export interface SourceNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export interface SourceFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly program: SourceNode
}

export interface SourceTree {
  readonly files: ReadonlyMap<string, SourceFile>
  readonly fileOf: (node: SourceNode) => SourceFile
  readonly parentOf: (node: SourceNode) => SourceNode | null
  readonly all: (type: string) => readonly SourceNode[]
}

export function readSourceTree(folders: readonly string[]): SourceTree {
  const files = new Map<string, SourceFile>()
  const parents = new Map<SourceNode, SourceNode>()
  const fileOfProgram = new Map<SourceNode, SourceFile>()
  const byType = new Map<string, SourceNode[]>()
  for (const path of folders.flatMap(sourcesIn)) {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const { program } = parseSync(path, text)
    if (!isNode(program)) throw new Error(`${path} is not read`)
    const file = { path, text, program }
    files.set(path, file)
    fileOfProgram.set(program, file)
    walk(program, (node, parent) => {
      if (parent !== null) parents.set(node, parent)
      const alike = byType.get(node.type)
      if (alike === undefined) byType.set(node.type, [node])
      else alike.push(node)
    })
  }
  const parentOf = (node: SourceNode) => parents.get(node) ?? null
  return {
    files,
    parentOf,
    fileOf(node) {
      let top = node
      for (let up = parentOf(top); up !== null; up = parentOf(top)) top = up
      const file = fileOfProgram.get(top)
      if (file === undefined) throw new Error('a node without a file')
      return file
    },
    all: (type) => byType.get(type) ?? [],
  }
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name))
    .toSorted()
}

/** Where an import leads to, from the root. */
export function importedPath(from: string, specifier: string): string {
  return resolve('/', dirname(from), specifier).slice(1)
}

function walk(top: SourceNode, visit: (node: SourceNode, parent: SourceNode | null) => void): void {
  const open: { readonly node: SourceNode; readonly parent: SourceNode | null }[] = [
    { node: top, parent: null },
  ]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    visit(next.node, next.parent)
    for (const node of childrenOf(next.node)) open.push({ node, parent: next.node })
  }
}

export function childrenOf(node: SourceNode): readonly SourceNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  )
}

export function isNode(value: unknown): value is SourceNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

export function childOf(node: SourceNode, key: string): SourceNode | null {
  const value = node[key]
  return isNode(value) ? value : null
}

export function listOf(node: SourceNode, key: string): readonly (SourceNode | null)[] {
  const value = node[key]
  return Array.isArray(value) ? value.map((item: unknown) => (isNode(item) ? item : null)) : []
}

/** The name of an identifier, or of a key that is one. */
export function nameOf(node: SourceNode | null): string | null {
  if (node === null) return null
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value']
  return typeof node['name'] === 'string' ? node['name'] : null
}
