import type { CompareNote } from '../../api/index.ts'
import { useLanguage } from '../texts/texts-context.ts'
import { UntrustedText } from '../untrusted/UntrustedText.tsx'

/** What to know of a comparison, in the language of the page. */
export function NoteText({ note }: { readonly note: Pick<CompareNote, 'text' | 'textZh'> }) {
  const { language } = useLanguage()
  return <UntrustedText text={language === 'zh' ? note.textZh : note.text} />
}
