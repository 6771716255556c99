import { createContext, useContext } from 'react'
import { en, type Texts } from './en.ts'
import type { Language } from './language.ts'

export interface TextsContextValue {
  readonly texts: Texts
  readonly language: Language
  readonly setLanguage: (language: Language) => void
  /** Whether the Chinese of the server's messages is loaded: those who show one are rendered again. */
  readonly hasServerTexts: boolean
}

export const TextsContext = createContext<TextsContextValue>({
  texts: en,
  language: 'en',
  setLanguage: () => {},
  hasServerTexts: false,
})

export function useTexts(): Texts {
  return useContext(TextsContext).texts
}

export function useLanguage(): TextsContextValue {
  return useContext(TextsContext)
}
