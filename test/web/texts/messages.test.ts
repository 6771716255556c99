import { expect, test } from 'vitest'
import { ERRORS } from '../../../api/errors.ts'
import { zhMessage } from '../../../web/texts/zh/messages.ts'
import { findMessages } from './messages/find-messages.ts'
import { readSourceTree } from './messages/source-tree.ts'
import { englishIn, exampleOf } from './messages/words.ts'

/** What may say something that the page shows. Rules are texts of their own, the terminal is in English. */
const FOLDERS = [
  'api',
  'profile',
  'gzip',
  'diagnosis',
  'judge',
  'history',
  'store',
  'queue',
  'collect',
  'worker',
  'server',
  'web',
]

/** What the codes of errors say is Chinese by its type. */
const SAID: ReadonlySet<string> = new Set(Object.values(ERRORS).map(({ say }) => say))

test('every message that the sources can make has its Chinese', () => {
  const messages = findMessages(readSourceTree(FOLDERS))
  const untold = new Map<string, string>()
  let count = 0
  for (const { pieces, place } of messages) {
    const example = exampleOf(pieces)
    if (example === null || SAID.has(example) || example.startsWith('PROFILE_SHORT: ')) continue
    count++
    const chinese = zhMessage(example)
    const left = chinese === null ? example : englishIn(chinese)
    if (left !== null) untold.set(`${example} -> ${chinese}`, place)
  }
  expect(count).toBeGreaterThan(500)
  expect([...untold].map(([message, place]) => `${place}: ${message}`)).toEqual([])
})
