import { isDarkNow, paletteOf } from './flame-colours.ts'
import { measureLetters } from './paint-label.ts'

/** Learns the colours of the page and the widths of letters, which takes the browser as long as painting a picture. */
export function prepareCanvas(): void {
  paletteOf(document.body, isDarkNow())
  measureLetters()
}
