import { checkRegex, type SafeRegex, safeRegex } from '../pattern/safe-regex.ts'
import type { DocumentPath, DocumentReader } from './document-reader.ts'
import type { Text } from './rule.ts'
import type { RuleContext } from './rule-words.ts'

/** YAML makes a blank of the end of a line, which Chinese has none of. */
const FOLD =
  /(?<=[\u3000-\u30FF\u4E00-\u9FFF\uFF00-\uFFEF“”…]) (?=[\u3000-\u30FF\u4E00-\u9FFF\uFF00-\uFFEF“”…])/g

/** A text in each language. */
export function readText(reader: DocumentReader, value: unknown, path: DocumentPath): Text {
  const text = reader.mapping(value ?? {}, path, ['en', 'zh'])
  return {
    en: reader.text(text['en'], [...path, 'en']),
    zh: reader.text(text['zh'], [...path, 'zh']).replaceAll(FOLD, ''),
  }
}

/** A regular expression, or the name of one that rules share: `$objects`. */
export function readRegex(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  { words: { regexes }, isChecked }: Pick<RuleContext, 'words' | 'isChecked'>,
): SafeRegex | null {
  const text = reader.optionalText(value, path)
  if (text === null) return null
  const name = text.startsWith('$') ? text.slice(1) : null
  if (name !== null && !Object.hasOwn(regexes, name)) {
    return reader.fail(path, `there is no regular expression "$${name}"`)
  }
  const source = name === null ? text : regexes[name]
  if (!isChecked) reader.compiled(path, () => checkRegex(source))
  return safeRegex(source)
}
