import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { checkShape } from './check-shape.ts'
import type { FilePath, PathFault, TargetsFileFault } from './targets-file-fault.ts'
import type { TargetsFile } from './targets-file-schema.ts'

/** Only the first faults are reported: later ones mostly follow from them. */
export const FAULTS_MAX = 20
const ALIASES_MAX = 50

export interface ParsedTargetsFile {
  readonly file: TargetsFile
  /** The position of a fault that was found later. */
  readonly locate: (fault: PathFault) => TargetsFileFault
}

/** Reads the YAML and checks it against the schema, not its meaning. */
export function parseTargetsFile(
  text: string,
): ParsedTargetsFile | { readonly faults: readonly TargetsFileFault[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, strict: true, uniqueKeys: true })
  const unread = [...document.errors, ...document.warnings]
  if (unread.length > 0) {
    const faults = unread.slice(0, FAULTS_MAX).map(({ message, pos }) => ({
      ...position(lines, pos[0]),
      path: '',
      message: firstLine(message),
    }))
    return { faults }
  }
  const locate = (fault: PathFault) => located(document, lines, fault)
  let value: unknown
  try {
    // An empty file is valid: it has no targets.
    value = document.toJS({ maxAliasCount: ALIASES_MAX }) ?? {}
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : String(error)
    return { faults: [{ line: 1, column: 1, path: '', message }] }
  }
  const checked = checkShape(value)
  if ('faults' in checked) return { faults: checked.faults.slice(0, FAULTS_MAX).map(locate) }
  return { file: checked.file, locate }
}

/** The parser's message continues with an excerpt of the place, which line and column already give. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
}

function located(document: Document, lines: LineCounter, fault: PathFault): TargetsFileFault {
  const { path, message, isKey = false } = fault
  return {
    ...position(lines, offsetOf(document, path, isKey)),
    path: path.join('.'),
    message,
  }
}

/** The position of the key or of the value; where it is absent, of its parent. */
function offsetOf(document: Document, path: FilePath, isKey: boolean): number {
  if (path.length === 0) return 0
  const parent = document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isKey && isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalarOf(key, last))
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0] ?? 0
  }
  const node = document.getIn(path, true)
  if (isNode(node)) return node.range?.[0] ?? 0
  return offsetOf(document, path.slice(0, -1), false)
}

function isScalarOf(key: unknown, value: string | number | undefined): boolean {
  return isNode(key) && 'value' in key && String(key.value) === String(value)
}

function position(lines: LineCounter, offset: number) {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}
