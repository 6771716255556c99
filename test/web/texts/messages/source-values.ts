import {
  childOf,
  importedPath,
  isNode,
  listOf,
  nameOf,
  type SourceNode,
  type SourceTree,
} from './source-tree.ts'
import {
  bindingsIn,
  calledName,
  callsByName,
  FUNCTIONS,
  methodsByName,
  returnsOf,
  type Binding,
} from './source-scopes.ts'

const HOPS_MAX = 24
const VALUES_MAX = 300
const SPREADS_MAX = 3
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'ParenthesizedExpression',
  'ChainExpression',
  'AwaitExpression',
])

export type ValuesOf = (node: SourceNode) => readonly SourceNode[]

/**
 * Finds the expressions that an expression may be: through names, members, branches, calls and callers. What cannot be
 * followed stands for itself.
 */
export function valueFinder(tree: SourceTree): ValuesOf {
  const calls = callsByName(tree)
  const methods = methodsByName(tree)

  const known = new Map<SourceNode, readonly SourceNode[]>()
  const open = new Set<SourceNode>()

  function values(node: SourceNode): readonly SourceNode[] {
    const found = known.get(node)
    if (found !== undefined) return found
    if (open.has(node) || open.size > HOPS_MAX) return []
    open.add(node)
    const result = [...new Set(valuesAnew(node))].slice(0, VALUES_MAX)
    open.delete(node)
    known.set(node, result)
    return result
  }

  function valuesAnew(node: SourceNode): readonly SourceNode[] {
    const through = (key: string) => {
      const child = childOf(node, key)
      return child === null ? [] : values(child)
    }
    if (WRAPPERS.has(node.type))
      return through(node.type === 'AwaitExpression' ? 'argument' : 'expression')
    switch (node.type) {
      case 'ConditionalExpression':
        return [...through('consequent'), ...through('alternate')]
      case 'LogicalExpression':
        return [
          ...(node['operator'] === '&&' ? [] : through('left').filter(({ value }) => value !== '')),
          ...through('right'),
        ]
      case 'Identifier':
        return ofName(node)
      case 'MemberExpression':
        return ofMember(node)
      case 'CallExpression':
        return ofCall(node)
      default:
        return [node]
    }
  }

  function ofName(node: SourceNode): readonly SourceNode[] {
    const bindings = bindingsOf(node, nameOf(node) ?? '')
    if (bindings === null) return [node]
    const found = bindings.flatMap(({ value, members }) => {
      const sources = isNode(value) ? [value] : argumentsOf(value.of, value.place)
      return sources.flatMap((source) => takeMembers(source, members))
    })
    return found
  }

  function takeMembers(source: SourceNode, members: readonly string[]): readonly SourceNode[] {
    let found = values(source)
    for (const member of members) found = found.flatMap((value) => memberOf(value, member))
    return found
  }

  function memberOf(value: SourceNode, member: string | null, depth = 0): readonly SourceNode[] {
    if (value.type === 'ArrayExpression') {
      return listOf(value, 'elements').flatMap((item, place) =>
        item === null || (member !== null && /^\d+$/.test(member) && Number(member) !== place)
          ? []
          : item.type === 'SpreadElement'
            ? []
            : values(item),
      )
    }
    if (value.type !== 'ObjectExpression') return [value]
    if (depth > SPREADS_MAX) return []
    return listOf(value, 'properties').flatMap((property) => {
      if (property === null) return []
      if (property.type === 'SpreadElement') {
        const spread = childOf(property, 'argument')
        return spread === null
          ? []
          : values(spread)
              .filter(({ type }) => type === 'ObjectExpression')
              .flatMap((inner) => memberOf(inner, member, depth + 1))
      }
      const inner = childOf(property, 'value')
      const isIt = member === null || nameOf(childOf(property, 'key')) === member
      return isIt && inner !== null ? values(inner) : []
    })
  }

  function ofMember(node: SourceNode): readonly SourceNode[] {
    const object = childOf(node, 'object')
    const property = childOf(node, 'property')
    if (object === null || property === null) return [node]
    const isComputed = node['computed'] === true
    const member = isComputed
      ? property.type === 'Literal'
        ? String(property['value'])
        : null
      : nameOf(property)
    const holders = values(object).filter(
      ({ type }) => type === 'ObjectExpression' || type === 'ArrayExpression',
    )
    const found = holders.flatMap((value) => memberOf(value, member))
    return found.length === 0 ? [node] : found
  }

  function ofCall(node: SourceNode): readonly SourceNode[] {
    const callee = childOf(node, 'callee')
    if (callee === null) return [node]
    const functions = functionsOf(callee, node)
    const found = functions.flatMap((body) => returnsOf(body).flatMap((result) => values(result)))
    return found.length === 0 ? [node] : found
  }

  function functionsOf(callee: SourceNode, call: SourceNode): readonly SourceNode[] {
    if (callee.type === 'MemberExpression') {
      const property = childOf(callee, 'property')
      const [callback = null] = listOf(call, 'arguments')
      if (callback !== null && /^(?:flatM|m)ap$/.test(nameOf(property) ?? '')) {
        return values(callback).filter(({ type }) => FUNCTIONS.has(type))
      }
      if (property?.type === 'PrivateIdentifier') {
        const path = tree.fileOf(callee).path
        return (methods.get(nameOf(property) ?? '') ?? []).filter(
          (method) => tree.fileOf(method).path === path,
        )
      }
    }
    return values(callee).filter(({ type }) => FUNCTIONS.has(type))
  }

  /** What callers give at a place. */
  function argumentsOf(body: SourceNode, place: number): readonly SourceNode[] {
    const name = calledName(body, tree)
    if (name === null) return []
    return (calls.get(name) ?? []).flatMap((call) => {
      const argument = listOf(call, 'arguments')[place] ?? null
      return argument !== null && mayCall(call, body) ? [argument] : []
    })
  }

  function sourceOf(node: SourceNode | null): string {
    return node === null ? '' : tree.fileOf(node).text.slice(node.start, node.end)
  }

  /** Whether a call by the function's name means it: it is of this file, imported from it, or a method. */
  function mayCall(call: SourceNode, body: SourceNode): boolean {
    const callee = childOf(call, 'callee')
    const home = tree.fileOf(body).path
    const here = tree.fileOf(call).path
    if (callee === null) return false
    const isMethod = ['MethodDefinition', 'Property'].includes(tree.parentOf(body)?.type ?? '')
    if (callee.type === 'MemberExpression') {
      const isPrivate = childOf(callee, 'property')?.type === 'PrivateIdentifier'
      const ofLog = /\blog(?:ger)?$/.test(sourceOf(childOf(callee, 'object')))
      const isUnique = (methods.get(calledName(body, tree) ?? '') ?? []).length === 1
      return isMethod && !ofLog && (home === here || (isUnique && !isPrivate))
    }
    if (isMethod && call.type !== 'NewExpression') return false
    if (home === here) return true
    return exportOf(callee, nameOf(callee) ?? '')?.path === home
  }

  /** `null` for a name that is not known. */
  function bindingsOf(node: SourceNode, name: string): readonly Binding[] | null {
    for (let scope = tree.parentOf(node); scope !== null; scope = tree.parentOf(scope)) {
      const bindings = bindingsIn(scope, name)
      if (bindings !== null) return bindings
    }
    const imported = exportOf(node, name)
    const file = imported === null ? undefined : tree.files.get(imported.path)
    if (imported === null || file === undefined) return null
    return bindingsIn(file.program, imported.name)
  }

  function exportOf(
    node: SourceNode,
    name: string,
  ): { readonly path: string; readonly name: string } | null {
    const file = tree.fileOf(node)
    for (const statement of listOf(file.program, 'body')) {
      if (statement?.type !== 'ImportDeclaration') continue
      const found = listOf(statement, 'specifiers').find(
        (each) => each !== null && nameOf(childOf(each, 'local')) === name,
      )
      const from = nameOf(childOf(statement, 'source'))
      if (found === undefined || found === null || from?.startsWith('.') !== true) continue
      return declared(importedPath(file.path, from), nameOf(childOf(found, 'imported')) ?? name)
    }
    return null
  }

  /** Follows an entry file to the file that declares the name. */
  function declared(
    path: string,
    name: string,
  ): { readonly path: string; readonly name: string } | null {
    const file = tree.files.get(path)
    if (file === undefined) return null
    if (bindingsIn(file.program, name) !== null) return { path, name }
    for (const statement of listOf(file.program, 'body')) {
      const from = statement === null ? null : nameOf(childOf(statement, 'source'))
      if (statement === null || from?.startsWith('.') !== true) continue
      if (statement.type === 'ExportAllDeclaration') {
        const found = declared(importedPath(path, from), name)
        if (found !== null) return found
      }
      if (statement.type !== 'ExportNamedDeclaration') continue
      const named = listOf(statement, 'specifiers').find(
        (each) => each !== null && nameOf(childOf(each, 'exported')) === name,
      )
      if (named === undefined || named === null) continue
      return declared(importedPath(path, from), nameOf(childOf(named, 'local')) ?? name)
    }
    return null
  }

  return values
}
