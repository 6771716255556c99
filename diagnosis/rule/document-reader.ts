import { PatternError } from '../pattern/glob.ts'
import { ExpressionError } from './expression.ts'

/** Where in a document: keys and list rows from its top. */
export type DocumentPath = readonly (string | number)[]

/** What is wrong in a rule's file. The loader finds line and column of `path`. */
export interface RuleIssue {
  readonly path: DocumentPath
  readonly message: string
}

export type Mapping = Readonly<Record<string, unknown>>

/** Reads a document that anyone may have written. What is wrong is noted in `issues`, and reading goes on. */
export class DocumentReader {
  readonly issues: RuleIssue[] = []

  fail(path: DocumentPath, message: string): null {
    this.issues.push({ path, message })
    return null
  }

  /** The value as a mapping of no other keys than `keys`; empty after a failure. */
  mapping(value: unknown, path: DocumentPath, keys: readonly string[] | null): Mapping {
    if (!isMapping(value)) {
      this.fail(path, 'must be a mapping')
      return {}
    }
    for (const key of Object.keys(value)) {
      if (keys === null || keys.includes(key)) continue
      this.fail([...path, key], `"${key}" is unknown here; known are ${keys.join(', ')}`)
    }
    return value
  }

  text(value: unknown, path: DocumentPath): string {
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    this.fail(path, value === undefined ? 'is missing' : 'must be text')
    return ''
  }

  optionalText(value: unknown, path: DocumentPath): string | null {
    return value === undefined || value === null ? null : this.text(value, path)
  }

  number(value: unknown, path: DocumentPath, fallback: number): number {
    if (value === undefined) return fallback
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.fail(path, 'must be a number')
    return fallback
  }

  oneOf<T extends string>(value: unknown, path: DocumentPath, words: readonly T[]): T {
    const found = words.find((word) => word === value)
    if (found === undefined) this.fail(path, `must be one of ${words.join(', ')}`)
    return found ?? words[0]
  }

  list(value: unknown, path: DocumentPath): readonly unknown[] {
    if (value === undefined) return []
    if (Array.isArray(value)) return value
    this.fail(path, 'must be a list')
    return []
  }

  texts(value: unknown, path: DocumentPath): readonly string[] {
    return this.list(value, path).map((item, row) => this.text(item, [...path, row]))
  }

  /** What `compile` makes of the text; its complaints are noted, and `null` stands for them. */
  compiled<T>(path: DocumentPath, compile: () => T): T | null {
    try {
      return compile()
    } catch (error) {
      if (error instanceof PatternError || error instanceof ExpressionError) {
        return this.fail(path, error.message)
      }
      throw error
    }
  }
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
