import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { en } from './en.ts'
import { LANGUAGE_KEY, type Language, readLanguage, writeLanguage } from './language.ts'
import { loadServerTexts } from './server-message.ts'
import { TextsContext } from './texts-context.ts'
import { readTimeZone, type TimeZone, writeTimeZone } from './time-zone.ts'
import { TimeZoneContext } from './time-zone-context.ts'
import { zh } from './zh.ts'

/** The reader's language and time zone. A choice in another tab counts here too. */
export function TextsProvider(props: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(readLanguage)
  const [zone, setZone] = useState<TimeZone>(readTimeZone)
  const [hasServerTexts, setHasServerTexts] = useState(false)
  useEffect(() => writeLanguage(language), [language])
  useEffect(() => {
    if (language !== 'zh') return
    loadServerTexts().then(
      () => setHasServerTexts(true),
      () => setHasServerTexts(false),
    )
  }, [language])
  useEffect(() => writeTimeZone(zone), [zone])
  useEffect(() => {
    const follow = ({ key }: StorageEvent) => {
      if (key === LANGUAGE_KEY) setLanguage(readLanguage())
    }
    window.addEventListener('storage', follow)
    return () => window.removeEventListener('storage', follow)
  }, [])
  const value = useMemo(
    () => ({ texts: language === 'zh' ? zh : en, language, setLanguage, hasServerTexts }),
    [language, hasServerTexts],
  )
  const zoneValue = useMemo(() => ({ zone, setZone }), [zone])
  return (
    <TextsContext value={value}>
      <TimeZoneContext value={zoneValue}>{props.children}</TimeZoneContext>
    </TextsContext>
  )
}
