export type Language = 'en' | 'zh'

export const LANGUAGE_KEY = 'kubeprof-language'

/**
 * The language chosen earlier, else the browser's. It is a preference of the reader, so links do
 * not contain it.
 */
export function readLanguage(): Language {
  const chosen = readStored()
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function writeLanguage(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(LANGUAGE_KEY, language)
  } catch {
    // Storage may be disabled; the choice then lasts until the page is closed.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY)
  } catch {
    return null
  }
}
