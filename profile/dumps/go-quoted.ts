const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gis
const SHORT: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
const CODE_POINT_MAX = 0x10ffff

/** What stands between quotes as Go's `%q`, its runtime and JSON write it, without the escapes. */
export function unescapeQuoted(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(ESCAPE, (_, hex = '', short = '', long = '', letter = '') => {
    if (letter !== '') return SHORT[letter] ?? letter
    const code = Number.parseInt(hex + short + long, 16)
    return code <= CODE_POINT_MAX ? String.fromCodePoint(code) : '\ufffd'
  })
}

/** Index of the first quote that no backslash escapes; the length of the text without one. */
export function endOfQuoted(text: string): number {
  const match = /(?:[^"\\]|\\.)*/sy.exec(text)
  return match?.[0].length ?? 0
}

const PAIR = /"((?:[^"\\]|\\.)*)":\s*"((?:[^"\\]|\\.)*)"/g

/** The pairs of `{"key":"value", "other":"value"}`, as Go prints labels. */
export function quotedPairs(text: string): { readonly key: string; readonly text: string }[] {
  return [...text.matchAll(PAIR)].map(([, key, value]) => ({
    key: unescapeQuoted(key),
    text: unescapeQuoted(value),
  }))
}
