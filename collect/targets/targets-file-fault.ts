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

/** A place in the file: keys and indices from its root. */
export type FilePath = readonly (string | number)[]

/** A fault at a path whose position in the text is not known yet. */
export interface PathFault {
  readonly path: FilePath
  /** Whether the key itself is wrong, not its value. */
  readonly isKey?: boolean
  readonly message: string
}

/** `FILE:LINE:COLUMN: path: what is wrong`, as editors and terminals read it. */
export function faultText(file: string, { line, column, path, message }: TargetsFileFault): string {
  return `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`
}
