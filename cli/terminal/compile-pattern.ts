import { compileRegex, type Pattern, RegexError } from '../../profile/index.ts'
import { CommandError } from './command-error.ts'

/** Compiles patterns with RE2's syntax and its linear time. `what` names the pattern in errors. */
export type CompilePattern = (source: string, what: string) => Pattern

/** The compiler for these patterns. re2js takes milliseconds to load, so literal texts go without it. */
export async function patternCompiler(sources: readonly string[]): Promise<CompilePattern> {
  if (!sources.some(hasOperators)) return literalPattern
  const { RE2JS } = await import('re2js')
  return (source, what) => {
    if (!hasOperators(source)) return literalPattern(source)
    try {
      return compileRegex(RE2JS, source)
    } catch (error) {
      throw error instanceof RegexError
        ? new CommandError(`parsing ${what}: ${error.message}`)
        : error
    }
  }
}

function hasOperators(source: string): boolean {
  return /[\\.+*?()|[\]{}^$]/.test(source)
}

function literalPattern(source: string): Pattern {
  return { test: (text) => text.includes(source) }
}
