/**
 * RE2's compiler as the package re2js has it: it reads what pprof reads, and no expression makes it slow. It is handed in,
 * for this folder imports no package, and the page and the terminal load it when they need it.
 */
export interface RegexEngine<Regex> {
  compile(source: string): Regex
}

/** An invalid regular expression. `message` says why, for its author. */
export class RegexError extends Error {
  override readonly name = 'RegexError'
  readonly source: string

  constructor(source: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.source = source
  }
}

/** Compiles what a person wrote. Throws a `RegexError`. */
export function compileRegex<Regex>(engine: RegexEngine<Regex>, source: string): Regex {
  try {
    return engine.compile(source)
  } catch (cause) {
    throw new RegexError(source, cause)
  }
}
