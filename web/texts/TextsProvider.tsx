import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { en } from './en.ts'
import { type Language, readLanguage, writeLanguage } from './language.ts'
import { TextsContext } from './texts-context.ts'
import { zh } from './zh.ts'

export function TextsProvider(props: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(readLanguage)
  useEffect(() => writeLanguage(language), [language])
  const value = useMemo(
    () => ({ texts: language === 'zh' ? zh : en, language, setLanguage }),
    [language],
  )
  return <TextsContext value={value}>{props.children}</TextsContext>
}
