import type { Language } from '../../../api/index.ts'

/** `(below)`, `(below: which keys)`, `(see who logs, below)`. */
const POINTERS: Readonly<Record<Language, RegExp>> = {
  en: / \((?:below(?:[:;][^()]*)?|[^()]* below)\)/g,
  zh: /（(?:见下(?:[：；][^（）]*)?|[^（）]*见下)）/g,
}

/** A remedy without what points at next steps, for findings that have none left. */
export function withoutPointers(text: string, language: Language): string {
  return text.replace(POINTERS[language], '')
}
