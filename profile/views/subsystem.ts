import { FUNC_SUBSYSTEMS, PACKAGE_SUBSYSTEMS, STANDARD_LIBRARY } from './subsystem-table.ts'
import type { FuncRow, SubsystemId } from './subsystem-table.ts'

const funcRows = new Map(Object.entries(FUNC_SUBSYSTEMS))
const packageRows = new Map<string, SubsystemId>([
  ...STANDARD_LIBRARY.map((name): [string, SubsystemId] => [name, 'library']),
  ...Object.entries(PACKAGE_SUBSYSTEMS),
])

/** The part of the control plane that a function belongs to, by its normalised name. */
export function subsystemOf(funcName: string): SubsystemId {
  const end = packageEnd(funcName)
  if (end === -1) return subsystemWithoutPackage(funcName)
  const packagePath = funcName.slice(0, end)
  return subsystemOfFunc(packagePath, funcName.slice(end + 1)) ?? subsystemOfPackage(packagePath)
}

/** Where the package's path ends: the first dot after its last slash. -1 for a name without a package. */
function packageEnd(funcName: string): number {
  const bracket = funcName.search(/[[({]/)
  const plain = bracket === -1 ? funcName : funcName.slice(0, bracket)
  return plain.indexOf('.', plain.lastIndexOf('/') + 1)
}

/** Some assembler routines of the runtime have no package: `memeqbody`, `gcWriteBarrier`. */
function subsystemWithoutPackage(funcName: string): SubsystemId {
  if (!/^[a-zA-Z0-9]+(body|Barrier\d?)$/.test(funcName)) return 'other'
  return subsystemOfFunc('runtime', funcName) ?? 'runtime'
}

function subsystemOfFunc(packagePath: string, ownName: string): SubsystemId | null {
  const rows: readonly FuncRow[] = funcRows.get(packagePath) ?? []
  for (const { subsystem, startsWith } of rows) {
    if (startsWith.some((word) => ownName.startsWith(word))) return subsystem
  }
  return null
}

function subsystemOfPackage(packagePath: string): SubsystemId {
  let path = packagePath
  for (;;) {
    const found = packageRows.get(path)
    if (found !== undefined) return found
    const slash = path.lastIndexOf('/')
    if (slash === -1) return 'other'
    path = path.slice(0, slash)
  }
}
