import { ERRORS, type ErrorCode } from '../../api/errors.ts'
import type { Language } from './language.ts'
import { ZH_ERRORS } from './zh/errors.ts'
import { zhTargetDetail } from './zh/target-details.ts'

/** An error as the server describes it. */
export interface DescribedError {
  /** Of the error catalogue, or something else for errors of the page itself. */
  readonly code: string
  /** In English. */
  readonly message: string
}

/**
 * What went wrong, in the language of the page. Where the server says more than its code does, that follows in
 * parentheses: names, numbers and offsets.
 */
export function serverMessage({ code, message }: DescribedError, language: Language): string {
  if (language === 'en' || !isErrorCode(code)) return message
  const text = ZH_ERRORS[code]
  return message === ERRORS[code].say ? text : `${text}（${zhTargetDetail(message) ?? message}）`
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ZH_ERRORS, code)
}
