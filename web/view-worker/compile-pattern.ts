import type { Pattern } from '../../profile/index.ts'

/** Compiles a regular expression. Throws `PatternError`. */
export type CompileRegex = (source: string) => Pattern

/**
 * The compiler for what a reader typed: RE2 semantics as on the server and in `pprof`, so that no input makes it slow.
 * The library is loaded when the first regular expression is used.
 */
export async function loadRegexCompiler(): Promise<CompileRegex> {
  const { RE2JS } = await import('re2js')
  return (source) => {
    try {
      const pattern = RE2JS.compile(source)
      return { test: (text) => pattern.test(text) }
    } catch (error) {
      throw new PatternError(error instanceof Error ? error.message : String(error))
    }
  }
}

/** Plain text, found in any case. */
export function compilePlain(text: string): Pattern {
  const wanted = text.toLowerCase()
  return { test: (name) => name.toLowerCase().includes(wanted) }
}

export class PatternError extends Error {
  override readonly name = 'PatternError'
}
