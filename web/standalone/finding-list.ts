import { button, make } from './elements.ts'
import type { PageData, PageFinding, PageTexts } from './page-data.ts'

/** The findings, closed; a button has their functions found in the picture. */
export function findingList(
  findings: PageData['findings'],
  texts: PageTexts,
  onFind: (frames: readonly string[]) => void,
): HTMLElement {
  return make(
    'section',
    { 'aria-label': texts.findings },
    make('h2', {}, texts.findings),
    ...findings.map((finding) => findingBox(finding, texts, onFind)),
  )
}

function findingBox(
  { level, levelText, title, meaning, remedy, frames }: PageFinding,
  texts: PageTexts,
  onFind: (frames: readonly string[]) => void,
): HTMLElement {
  const box = make('details', { class: 'finding', 'data-level': level })
  box.append(
    make('summary', {}, make('strong', { class: 'level' }, levelText), ` ${title}`),
    make('p', {}, meaning),
    make('p', {}, make('strong', {}, texts.remedy)),
    make('ol', {}, ...remedy.map((step) => make('li', {}, step))),
  )
  if (frames.length > 0) box.append(button(texts.show, () => onFind(frames)))
  return box
}
