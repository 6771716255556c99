import type { CommandIo } from './command-io.ts'

/** Puts a text in a colour, or leaves it. */
export type Style = (text: string) => string

/** Whether output may be in colour: a person reads it, and has not said no (https://no-color.org). */
export function mayColour({ isTerminal, env }: CommandIo): boolean {
  return isTerminal && (env['NO_COLOR'] ?? '') === ''
}

/** A style by the number of ANSI's select graphic rendition. */
export function ansi(code: string): Style {
  return (text) => `\u001b[${code}m${text}\u001b[0m`
}

export const plain: Style = (text) => text

/** Names come from the profile: nothing in them may steer the terminal. */
export function cleanText(text: string): string {
  return text.replaceAll(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}
