import { COLLECT_MESSAGES } from './messages/collect-messages.ts'
import { PATTERN_MESSAGES } from './messages/pattern-messages.ts'
import { PROFILE_MESSAGES } from './messages/profile-messages.ts'
import { SERVER_MESSAGES } from './messages/server-messages.ts'
import { TARGETS_FILE_MESSAGES } from './messages/targets-file-messages.ts'
import { messageTranslator, type TranslateMessage } from './translate-message.ts'

let translator: TranslateMessage | null = null

/** What the server says in English, in Chinese; `null` for what is not its own words. */
export const zhMessage: TranslateMessage = (message) => {
  translator ??= messageTranslator({
    ...COLLECT_MESSAGES,
    ...PATTERN_MESSAGES,
    ...PROFILE_MESSAGES,
    ...SERVER_MESSAGES,
    ...TARGETS_FILE_MESSAGES,
  })
  return translator(message)
}
