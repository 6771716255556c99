/** The text with spaces before it, up to a width in code points, as Go counts it. */
export function padRunes(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - runeCount(text))) + text
}

export function runeCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
