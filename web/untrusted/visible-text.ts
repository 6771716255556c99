/**
 * Characters that reorder or hide the text around them: a name with one may not be what it looks
 * like.
 */
export const HIDDEN_CHARACTERS =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /([\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff])/gu

/** A right-to-left override as `U+202E`. */
export function nameOfCharacter(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/**
 * An untrusted name as plain text without hidden characters, for places that cannot contain an
 * element.
 */
export function visibleText(text: string): string {
  return text.replaceAll(HIDDEN_CHARACTERS, (character) => `[${nameOfCharacter(character)}]`)
}
