import type { Piece } from './find-messages.ts'

/** What stands in for a name or a number. */
const STAND_INS = ['a1', '22', 'c-3', '44', 'e/5', '66', '7', '88']

/** A message as it may come, or `null` for what says nothing of its own. */
export function exampleOf(pieces: readonly Piece[]): string | null {
  if (!pieces.some((piece) => typeof piece === 'string' && /[A-Za-z]{2} [A-Za-z]/.test(piece))) {
    return null
  }
  let slots = 0
  let text = ''
  for (const piece of pieces) {
    text += typeof piece === 'string' ? piece : standIn(piece.slot, { after: text, place: slots++ })
  }
  return text
}

function standIn(
  source: string,
  { after, place }: { readonly after: string; readonly place: number },
): string {
  const word = STAND_INS[place % STAND_INS.length] ?? ''
  const between = /\.join\('(.*?)'\)$/.exec(source)?.[1]
  if (source.includes('notes.join')) return 'a/b names no port: set kubeprof.dev/port'
  if (between !== undefined) return `${word}${between}more`
  if (/\brefusal|\bwhat$/.test(source)) return 'loopback'
  if (source.endsWith('?.message')) return 'must be string'
  if (!source.endsWith('.message')) return word
  return /(?:^|[.:] |\()$/.test(after) ? 'The queue is closed.' : 'did not answer within 5 s'
}

/** Names of things that are the same in every language. */
const NAMES =
  /`[^`]*`|"[^"]*"|“[^”]*”|\{[^}]*\}|--[\w-]+(?:=\w+)?|\b(?:Java Flight Recorder|JDK Mission Control|kubeprof [a-z]+(?: [A-Z]+| rebuild)?|go tool trace|curl -o FILE URL|go tool pprof|POST \/api\/v1\/captures|API server|HTTP|Unix socket)\b/g

/** English that is left in a Chinese text: three words and more in a row. */
export function englishIn(text: string): string | null {
  return /[A-Za-z][a-z']* [a-z']+ [a-z']+/.exec(text.replaceAll(NAMES, '·'))?.[0] ?? null
}
