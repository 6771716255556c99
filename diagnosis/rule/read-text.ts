import { checkRegex, type SafeRegex, safeRegex } from '../pattern/safe-regex.ts'
import type { DocumentPath, DocumentReader } from './document-reader.ts'
import type { Text } from './rule.ts'

/** A text in each language. */
export function readText(reader: DocumentReader, value: unknown, path: DocumentPath): Text {
  const text = reader.mapping(value ?? {}, path, ['en', 'zh'])
  return {
    en: reader.text(text['en'], [...path, 'en']),
    zh: reader.text(text['zh'], [...path, 'zh']),
  }
}

export function readRegex(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
): SafeRegex | null {
  const source = reader.optionalText(value, path)
  if (source === null) return null
  reader.compiled(path, () => checkRegex(source))
  return safeRegex(source)
}
