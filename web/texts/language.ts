export type Language = 'en' | 'zh'

const STORAGE_KEY = 'kubeprof-language'

/** The language chosen earlier, else the browser's. It is a reader's preference, so links do not carry it. */
export function readLanguage(): Language {
  const chosen = readStored()
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export function writeLanguage(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(STORAGE_KEY, language)
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY)
  } catch {
    return null
  }
}
