import { ERRORS, type ErrorCode } from '../../api/errors.ts'
import type { Language } from './language.ts'
import { ZH_ERRORS } from './zh/errors.ts'
import { ended, type TranslateMessage } from './zh/translate-message.ts'

/** An error as the server describes it. */
export interface DescribedError {
  /** Of the error catalogue, or something else for errors of the page itself. */
  readonly code: string
  /** In English. */
  readonly message: string
}

let zhMessage: TranslateMessage = () => null

/** The Chinese of what the server says is large, so only Chinese pages load it. Until then its English is shown. */
export async function loadServerTexts(): Promise<void> {
  zhMessage = (await import('./zh/messages.ts')).zhMessage
}

/**
 * What went wrong, in the language of the page. Where the server passes on words that are not its own, its code is
 * explained and they follow in parentheses.
 */
export function serverMessage({ code, message }: DescribedError, language: Language): string {
  if (language === 'en') return message
  const known = isErrorCode(code) ? code : null
  if (known !== null && message === ERRORS[known].say) return ZH_ERRORS[known]
  return zhText(message) ?? (known === null ? message : `${ZH_ERRORS[known]}（${message}）`)
}

/** A note, a description or a reason that comes in English, in the language of the page. */
export function serverText(text: string, language: Language): string {
  return language === 'en' ? text : (zhText(text) ?? text)
}

/** A phrase stays one, without a mark at its end. */
function zhText(text: string): string | null {
  const said = zhMessage(text)
  return said !== null && text.endsWith('.') ? ended(said) : said
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ZH_ERRORS, code)
}
