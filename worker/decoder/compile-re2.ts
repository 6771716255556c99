import { RE2JS } from 're2js'
import { compileRegex, type Pattern } from '../../profile/index.ts'

/** A pattern from outside: RE2, which takes linear time on any input. Throws a RegexError. */
export function compileRe2(source: string): Pattern {
  return compileRegex(RE2JS, source)
}
