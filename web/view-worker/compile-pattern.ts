import { compileRegex, type Pattern } from '../../profile/index.ts'

/** Compiles a pattern typed by the reader. */
export type CompilePattern = (source: string) => Pattern

/**
 * The compiler of regular expressions: RE2's, as on the server and in `pprof`. It throws a `RegexError`. The library is
 * loaded when the first regular expression is used.
 */
export async function loadRegexCompiler(): Promise<CompilePattern> {
  const { RE2JS } = await import('re2js')
  return (source) => compileRegex(RE2JS, source)
}

/** Plain text, matched case-insensitively. */
export function compilePlain(text: string): Pattern {
  const wanted = text.toLowerCase()
  return { test: (name) => name.toLowerCase().includes(wanted) }
}
