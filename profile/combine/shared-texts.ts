import type { DecodeText } from '../codec/byte-reader.ts'
import { StringMerger } from './string-merger.ts'

/** Decodes each text once, however often its bytes come, and gives the same string each time: equal ones compare at once. */
export function sharedTexts(): DecodeText {
  const merger = new StringMerger()
  let entered: Uint8Array | null = null
  return (bytes, start, end) => {
    if (bytes !== entered) merger.enter(bytes)
    entered = bytes
    return merger.texts[merger.rowOfBytes(start, end)]
  }
}
