import type { CommandIo } from './command-io.ts'

/** Colours a text, or leaves it unchanged. */
export type Style = (text: string) => string

/** Whether output may be coloured: it goes to a terminal, and NO_COLOR is not set (https://no-color.org). */
export function mayColour({ isTerminal, env }: CommandIo): boolean {
  return isTerminal && (env['NO_COLOR'] ?? '') === ''
}

/** A style by its ANSI SGR (select graphic rendition) number. */
export function ansi(code: string): Style {
  return (text) => `\u001b[${code}m${text}\u001b[0m`
}

export const plain: Style = (text) => text

/** Names come from the profile, so control characters in them must not reach the terminal. */
export function cleanText(text: string): string {
  return text.replaceAll(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}
