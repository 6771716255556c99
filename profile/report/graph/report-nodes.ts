import { baseName, cleanPath, trimFilePath, type TrimPathOptions } from '../../names/file-path.ts'
import { type FrameIndex, type FuncIndex, NONE, type Profile } from '../../types.ts'
import type { Granularity } from '../../views/frame-names.ts'

/**
 * A place that a report adds up: frames with the same fields are one node. What the granularity leaves out is `''` or
 * 0. https://github.com/google/pprof/blob/main/internal/graph/graph.go
 */
export interface ReportNode {
  readonly address: bigint
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  /** The binary, where names alone do not distinguish nodes. */
  readonly objectFile: string
  readonly startLine: number
}

export interface ReportNodes {
  readonly nodes: readonly ReportNode[]
  /** The node of each frame; NONE for frames that are left out. */
  readonly nodeOfFrame: Int32Array
}

export interface NodeOptions {
  readonly granularity: Granularity
  /** True leaves out inlined frames; what they measured goes to the function that holds them. */
  readonly hidesInlines: boolean
  readonly showsColumns: boolean
  /** Keeps functions of the same name apart by binary and first line. */
  readonly keepsObjectFiles: boolean
  /** As pprof has it, keeps functions of one file apart by their first line also where files alone are shown. */
  readonly splitsFiles: boolean
  /** How paths of files are cut; null leaves them. */
  readonly trim: TrimPathOptions | null
}

export function reportNodes(profile: Profile, options: NodeOptions): ReportNodes {
  const { frames, locations } = profile
  const nodes: ReportNode[] = []
  const rows = new Map<string, number>()
  const rowOf = (node: ReportNode) => {
    const key = keyOf(node)
    const known = rows.get(key)
    if (known !== undefined) return known
    rows.set(key, nodes.length)
    return nodes.push(node) - 1
  }
  const nodeOfFrame = new Int32Array(frames.length).fill(NONE)
  const makeNode = nodeMaker(profile, options)
  // Frames differ by function alone unless lines or addresses are shown.
  const isByFunc = options.granularity !== 'lines' && options.granularity !== 'addresses'
  const nodeOfFunc = new Int32Array(profile.funcs.length).fill(NONE)
  for (let frame = 0; frame < frames.length; frame++) {
    if (options.hidesInlines && locations.frameStart[frames.location[frame]] !== frame) continue
    const func = frames.func[frame]
    if (!isByFunc || func === NONE) {
      nodeOfFrame[frame] = rowOf(makeNode(frame))
      continue
    }
    if (makeNode.isApart(func) || nodeOfFunc[func] === NONE) {
      nodeOfFunc[func] = rowOf(makeNode(frame))
    }
    nodeOfFrame[frame] = nodeOfFunc[func]
  }
  return { nodes, nodeOfFrame }
}

function keyOf(node: ReportNode): string {
  const { address, name, file, line, column, objectFile, startLine } = node
  if (objectFile === '' && address === 0n && line === 0 && startLine === 0) {
    return `${name}\0${file}`
  }
  return `${name}\0${file}\0${address}:${line}:${column}:${startLine}\0${objectFile}`
}

interface MakeNode {
  (frame: FrameIndex): ReportNode
  /** Whether frames of the function in different binaries are different nodes. */
  readonly isApart: (func: FuncIndex) => boolean
}

function nodeMaker(profile: Profile, options: NodeOptions): MakeNode {
  const { strings, funcs, frames, locations, mappings } = profile
  const { granularity, keepsObjectFiles, splitsFiles } = options
  const hasLines = granularity === 'lines' || granularity === 'addresses'
  const hasColumns = options.showsColumns || (granularity === 'addresses' && !options.hidesInlines)
  const fileOf = fileNames(profile, options)
  const isByFile = granularity === 'files'
  const nameOf = (func: FuncIndex) => (isByFile ? '' : strings[funcs.name[func]])
  const isFileEnough = (func: FuncIndex) => isByFile && !splitsFiles && fileOf(func) !== ''
  const isApart = (func: FuncIndex) =>
    keepsObjectFiles || (nameOf(func) === '' && !isFileEnough(func))
  const makeNode = (frame: FrameIndex): ReportNode => {
    const func = frames.func[frame]
    const location = frames.location[frame]
    const mapping = locations.mapping[location]
    const address = granularity === 'addresses' ? locations.address[location] : 0n
    const objectFile = mapping === NONE ? '' : strings[mappings.file[mapping]]
    const none = { address, name: '', file: '', line: 0, column: 0, startLine: 0 }
    if (func === NONE) return { ...none, objectFile }
    return {
      address,
      name: nameOf(func),
      file: fileOf(func),
      line: hasLines ? frames.line[frame] : 0,
      column: hasLines && hasColumns ? frames.column[frame] : 0,
      objectFile: isApart(func) ? objectFile : '',
      startLine: isApart(func) && (!isByFile || splitsFiles) ? funcs.startLine[func] : 0,
    }
  }
  return Object.assign(makeNode, { isApart })
}

function fileNames({ strings, funcs }: Profile, { granularity, trim }: NodeOptions) {
  if (granularity === 'functions') return () => ''
  const known = new Map<number, string>()
  return (func: FuncIndex) => {
    const index = funcs.file[func]
    const file = known.get(index)
    if (file !== undefined) return file
    const trimmed = trim === null ? strings[index] : trimFilePath(strings[index], trim)
    const clean = trimmed === '' ? '' : cleanPath(trimmed)
    known.set(index, clean)
    return clean
  }
}

/** The node's name in a report: its address, function and place, as far as they are known. */
export function printableName(node: ReportNode): string {
  return nameParts(node).join(' ')
}

/** What the printable name is made of. */
export function nameParts({ address, name, file, line, column, objectFile }: ReportNode): string[] {
  const parts: string[] = []
  if (address !== 0n) parts.push(address.toString(16).padStart(16, '0'))
  if (name !== '') parts.push(name)
  if (line !== 0) parts.push(`${file}:${line}${column === 0 ? '' : `:${column}`}`)
  else if (file !== '') parts.push(file)
  else if (name === '') {
    parts.push(objectFile === '' ? '<unknown>' : `[${baseName(objectFile)}]`)
  }
  return parts
}
