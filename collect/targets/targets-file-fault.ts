/** What is wrong at one place of a targets file. */
export interface TargetsFileFault {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** `targets.0.every`; empty for the file. */
  readonly path: string
  readonly message: string
}

/** Where in the file something stands: keys and places from its root. */
export type FilePath = readonly (string | number)[]

/** Something that is wrong at a path, before it is known where in the text that is. */
export interface PathFault {
  readonly path: FilePath
  /** Whether the key itself is wrong, and not its value. */
  readonly isKey?: boolean
  readonly message: string
}

/** `FILE:LINE:COLUMN: path: what is wrong`, as editors and terminals read it. */
export function faultText(file: string, { line, column, path, message }: TargetsFileFault): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`
}
