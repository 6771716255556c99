import { shortFuncName } from '../untrusted/short-func-name.ts'
import { visibleText } from '../untrusted/visible-text.ts'
import type { FlameAnswer } from '../view-worker/view-messages.ts'
import { button } from './elements.ts'
import type { PageTexts } from './page-data.ts'

/** The calls from the root to what is zoomed to; each leads back to itself. */
export function pathOf(
  { frames, focusRow }: FlameAnswer,
  texts: PageTexts,
  onZoom: (key: string) => void,
): readonly Node[] {
  const steps = frames.slice(1, focusRow + 1)
  return [
    button(texts.whole, () => onZoom('')),
    ...steps.flatMap(({ name, key }) => {
      const step = button(visibleText(shortFuncName(name)), () => onZoom(key))
      step.title = visibleText(name)
      return [document.createTextNode(' ▸ '), step]
    }),
  ]
}
