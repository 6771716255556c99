import { childOf, listOf, nameOf, type SourceNode, type SourceTree } from './source-tree.ts'
import { valueFinder, type ValuesOf } from './source-values.ts'

/** A text, or what stands in its place: the source of an expression whose text is not known here. */
export type Piece = string | { readonly slot: string }

export interface Message {
  readonly code: string
  readonly pieces: readonly Piece[]
  /** Where it is said. */
  readonly place: string
}

/** Which argument of a constructor is the message. */
const ERRORS: Readonly<Record<string, number>> = {
  ProfileFormatError: 1,
  OutboundError: 1,
  KubeconfigError: 0,
  RegexError: 1,
  SampleTypeError: 0,
  ReportError: 0,
}

/** The message of these follows the name of the server. */
const PREDICATES: ReadonlySet<string> = new Set(['OutboundError'])
/** What changes a text without making another of it. */
const TRIMMING = /^(?:replace|trim|trimEnd|toString)$/

export function findMessages(tree: SourceTree): readonly Message[] {
  const textsOf = textFinder(tree, valueFinder(tree))
  const valuesOf = valueFinder(tree)
  const messages: Message[] = []
  const add = (code: string, node: SourceNode | null, isPredicate = false) => {
    if (node === null) return
    const { path, text } = tree.fileOf(node)
    const line = text.slice(0, node.start).split('\n').length
    for (const pieces of textsOf(node)) {
      const whole = isPredicate ? ['The process at 1.1.1.1:80 ', ...pieces] : pieces
      messages.push({ code, pieces: whole, place: `${path}:${line}` })
    }
  }
  for (const node of tree.all('NewExpression')) {
    const name = nameOf(childOf(node, 'callee')) ?? ''
    const [first = null, second = null] = listOf(node, 'arguments')
    if (name === 'AppError' && first !== null && second !== null) {
      for (const message of membersOf(second, 'message', valuesOf)) {
        add(nameOf(first) ?? '?', message)
      }
    }
    const place = ERRORS[name]
    if (place !== undefined)
      add(name, listOf(node, 'arguments')[place] ?? null, PREDICATES.has(name))
  }
  for (const { node, code } of shownTexts(tree)) add(code, node)
  return messages
}

/** Texts that no error carries: notes, faults of the targets file, lines of a test, descriptions of targets. */
function shownTexts(
  tree: SourceTree,
): readonly { readonly node: SourceNode; readonly code: string }[] {
  const ofObjects = tree.all('ObjectExpression').flatMap((node) => {
    const keys = new Set(
      listOf(node, 'properties').map((item) =>
        item === null ? null : nameOf(childOf(item, 'key')),
      ),
    )
    const { path } = tree.fileOf(node)
    const key = SHOWN.find(
      ({ folder, beside, key }) => path.startsWith(folder) && keys.has(key) && keys.has(beside),
    )?.key
    const text = key === undefined ? null : memberNode(node, key)
    return text === null ? [] : [{ node: text, code: key ?? '' }]
  })
  const noted = [...tree.all('AssignmentExpression'), ...tree.all('CallExpression')].flatMap(
    (node) => {
      const target = childOf(node, 'left') ?? childOf(node, 'callee')
      const { path, text } = tree.fileOf(node)
      const isNote =
        target !== null && /^(?:notes\.push|\w+\.note)$/.test(text.slice(target.start, target.end))
      const said = childOf(node, 'right') ?? listOf(node, 'arguments')[0] ?? null
      return isNote && said !== null && path.startsWith('collect/')
        ? [{ node: said, code: 'note' }]
        : []
    },
  )
  return [...ofObjects, ...noted]
}

const SHOWN = [
  { folder: 'collect/', key: 'message', beside: 'path' },
  { folder: 'collect/', key: 'text', beside: 'isFine' },
  { folder: 'collect/', key: 'note', beside: 'kind' },
  { folder: 'collect/', key: 'note', beside: 'profileId' },
  { folder: 'collect/', key: 'notes', beside: 'processes' },
  { folder: 'collect/', key: 'notes', beside: 'pods' },
  { folder: 'collect/', key: 'warnings', beside: 'close' },
  { folder: 'collect/targets/', key: 'description', beside: 'find' },
  { folder: 'profile/views/', key: 'text', beside: 'code' },
]

function membersOf(node: SourceNode, key: string, valuesOf: ValuesOf): readonly SourceNode[] {
  return valuesOf(node).flatMap((value) => memberNode(value, key) ?? [])
}

function memberNode(node: SourceNode, key: string): SourceNode | null {
  for (const property of listOf(node, 'properties')) {
    if (property !== null && nameOf(childOf(property, 'key')) === key) {
      return childOf(property, 'value')
    }
  }
  return null
}

type TextsOf = (node: SourceNode) => readonly (readonly Piece[])[]

/** What an expression may read. A text that is built of itself stops where it would begin again. */
function textFinder(tree: SourceTree, valuesOf: ValuesOf): TextsOf {
  const known = new Map<SourceNode, readonly (readonly Piece[])[]>()
  const open = new Set<SourceNode>()

  function textsOf(node: SourceNode): readonly (readonly Piece[])[] {
    const found = known.get(node)
    if (found !== undefined) return found
    if (open.has(node)) return [[{ slot: sourceOf(node) }]]
    open.add(node)
    const all = valuesOf(node).flatMap(textsOfValue)
    const unique = new Map(all.map((pieces) => [JSON.stringify(pieces), pieces]))
    const result = unique.size === 0 ? [[{ slot: sourceOf(node) }]] : [...unique.values()]
    open.delete(node)
    known.set(node, result)
    return result
  }

  function textsOfValue(value: SourceNode): readonly (readonly Piece[])[] {
    if (value.type === 'Literal') {
      if (value['value'] === null) return []
      return [[typeof value['value'] === 'string' ? value['value'] : { slot: 'number' }]]
    }
    if (value.type === 'Identifier' && nameOf(value) === 'undefined') return []
    if (value.type === 'ArrayExpression') {
      return listOf(value, 'elements').flatMap((item) => (item === null ? [] : textsOf(item)))
    }
    if (value.type === 'TemplateLiteral') {
      const texts = listOf(value, 'quasis').map((quasi) => [[cookedOf(quasi)]])
      const slots = listOf(value, 'expressions').map(textsOrNone)
      return covered(texts.flatMap((text, place) => [text, slots[place] ?? [[]]]))
    }
    if (value.type === 'BinaryExpression' && value['operator'] === '+') {
      return covered([textsOrNone(childOf(value, 'left')), textsOrNone(childOf(value, 'right'))])
    }
    const callee = value.type === 'CallExpression' ? childOf(value, 'callee') : null
    const isTrimmed = callee !== null && TRIMMING.test(nameOf(childOf(callee, 'property')) ?? '')
    if (isTrimmed) return textsOrNone(childOf(callee, 'object'))
    return [[{ slot: sourceOf(value) }]]
  }

  function textsOrNone(node: SourceNode | null): readonly (readonly Piece[])[] {
    return node === null ? [[]] : textsOf(node)
  }

  function sourceOf(node: SourceNode): string {
    return tree.fileOf(node).text.slice(node.start, node.end).replaceAll(/\s+/g, ' ')
  }

  return textsOf
}

function cookedOf(quasi: SourceNode | null): string {
  const value = quasi?.['value']
  if (typeof value !== 'object' || value === null || !('cooked' in value)) return ''
  return String(value.cooked)
}

/** Rows in which each alternative of each part comes at least once; all combinations would be too many. */
function covered(parts: readonly (readonly (readonly Piece[])[])[]): readonly (readonly Piece[])[] {
  const said = parts.filter(({ length }) => length > 0)
  const count = Math.max(1, ...said.map(({ length }) => length))
  return Array.from({ length: count }, (_, row) =>
    joined(said.flatMap((part) => part[row % part.length] ?? [])),
  )
}

function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (typeof piece === 'string' && typeof last === 'string')
      result[result.length - 1] = last + piece
    else if (piece !== '') result.push(piece)
  }
  return result
}
