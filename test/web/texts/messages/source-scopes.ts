import {
  childOf,
  childrenOf,
  listOf,
  nameOf,
  type SourceNode,
  type SourceTree,
} from './source-tree.ts'

export const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
])
/** Where a name gets its value: an expression, or an argument of whoever calls; then the members to take of it. */
export interface Binding {
  readonly value: SourceNode | { readonly of: SourceNode; readonly place: number }
  readonly members: readonly string[]
}

/** What a scope says of a name, `null` for nothing. */
export function bindingsIn(scope: SourceNode, name: string): readonly Binding[] | null {
  if (FUNCTIONS.has(scope.type)) {
    for (const [place, param] of listOf(scope, 'params').entries()) {
      const target = param?.type === 'AssignmentPattern' ? childOf(param, 'left') : param
      const members = target === null ? null : pathIn(target, name)
      if (members !== null) return [{ value: { of: scope, place }, members }]
    }
    return null
  }
  if (scope.type === 'ForOfStatement') {
    const left = childOf(scope, 'left')
    const right = childOf(scope, 'right')
    if (left?.type !== 'VariableDeclaration' || right === null) return null
    const target = childOf(listOf(left, 'declarations')[0] ?? left, 'id')
    const members = target === null ? null : pathIn(target, name)
    return members === null ? null : [{ value: right, members: ['*', ...members] }]
  }
  if (scope.type !== 'BlockStatement' && scope.type !== 'Program') return null
  for (const statement of listOf(scope, 'body')) {
    const found = statement === null ? null : declaredBy(statement, name)
    if (found !== null) return [found]
  }
  return null
}

function declaredBy(statement: SourceNode, name: string): Binding | null {
  const declaration = childOf(statement, 'declaration') ?? statement
  if (declaration.type === 'FunctionDeclaration') {
    return nameOf(childOf(declaration, 'id')) === name ? { value: declaration, members: [] } : null
  }
  if (declaration.type !== 'VariableDeclaration') return null
  for (const declarator of listOf(declaration, 'declarations')) {
    const target = declarator === null ? null : childOf(declarator, 'id')
    const value = declarator === null ? null : childOf(declarator, 'init')
    const members = target === null ? null : pathIn(target, name)
    if (members !== null && value !== null) return { value, members }
  }
  return null
}

/** The members that lead to a name within a pattern. */
function pathIn(target: SourceNode, name: string): readonly string[] | null {
  if (target.type === 'Identifier') return nameOf(target) === name ? [] : null
  if (target.type === 'AssignmentPattern') {
    const left = childOf(target, 'left')
    return left === null ? null : pathIn(left, name)
  }
  const isArray = target.type === 'ArrayPattern'
  for (const [place, item] of listOf(target, isArray ? 'elements' : 'properties').entries()) {
    const inner = item === null || isArray ? item : childOf(item, 'value')
    const path = inner === null || item === null ? null : pathIn(inner, name)
    if (path !== null && item !== null) {
      return [isArray ? String(place) : (nameOf(childOf(item, 'key')) ?? '*'), ...path]
    }
  }
  return null
}

export function returnsOf(body: SourceNode): readonly SourceNode[] {
  const block = childOf(body, 'body')
  if (block === null) return []
  if (block.type !== 'BlockStatement') return [block]
  const found: SourceNode[] = []
  const open = [block]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const result = node.type === 'ReturnStatement' ? childOf(node, 'argument') : null
    if (result !== null) found.push(result)
    open.push(...childrenOf(node).filter(({ type }) => !FUNCTIONS.has(type)))
  }
  return found.toReversed()
}

/** The name by which a function is called. */
export function calledName(body: SourceNode, tree: SourceTree): string | null {
  const own = nameOf(childOf(body, 'id'))
  if (own !== null) return own
  const parent = tree.parentOf(body)
  if (parent === null) return null
  if (parent.type === 'VariableDeclarator') return nameOf(childOf(parent, 'id'))
  const isMember = ['Property', 'MethodDefinition', 'PropertyDefinition'].includes(parent.type)
  if (!isMember) return null
  const key = nameOf(childOf(parent, 'key'))
  if (key !== 'constructor') return key
  const ofClass = tree.parentOf(tree.parentOf(parent) ?? parent)
  return ofClass === null ? null : nameOf(childOf(ofClass, 'id'))
}

export function callsByName(tree: SourceTree): ReadonlyMap<string, readonly SourceNode[]> {
  return grouped([...tree.all('CallExpression'), ...tree.all('NewExpression')], (call) => {
    const callee = childOf(call, 'callee')
    const last = callee?.type === 'MemberExpression' ? childOf(callee, 'property') : callee
    return nameOf(last)
  })
}

export function methodsByName(tree: SourceTree): ReadonlyMap<string, readonly SourceNode[]> {
  const bodies = [...FUNCTIONS].flatMap((type) => tree.all(type))
  return grouped(bodies, (body) => {
    const parent = tree.parentOf(body)
    return ['MethodDefinition', 'PropertyDefinition', 'Property'].includes(parent?.type ?? '') &&
      parent !== null
      ? nameOf(childOf(parent, 'key'))
      : null
  })
}

function grouped(
  nodes: readonly SourceNode[],
  keyOf: (node: SourceNode) => string | null,
): ReadonlyMap<string, readonly SourceNode[]> {
  const groups = new Map<string, SourceNode[]>()
  for (const node of nodes) {
    const key = keyOf(node)
    if (key === null) continue
    groups.set(key, [...(groups.get(key) ?? []), node])
  }
  return groups
}
