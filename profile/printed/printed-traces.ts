import type { LabelDraft } from '../columns/profile-builder.ts'
import { LineReader } from '../text/line-reader.ts'
import { printedHeader, printedPlaces, printedValue } from './printed-header.ts'
import type { Profile } from '../types.ts'

const SEPARATOR = /^-{11}\+-+\s*$/
/** A value in ten columns, or blanks in place of it, and a function. */
const FRAME = /^\s*(\S+)? {3}(\S.*)$/
const LABEL = /^\s*(\S+): {2}(.*)$/
const VALUE_COLUMNS = 13

/** `pprof -traces`: between lines of dashes labels, then stacks leaf first, the value in front of the leaf. */
export function printedTraces(text: string): Profile | null {
  const header = printedHeader(text)
  const { builder, locationOf } = printedPlaces(header)
  const reader = new LineReader(text)
  let labels: LabelDraft[] = []
  let stack: string[] = []
  let value: number | null = null
  let isBelowHeader = false
  const close = () => {
    if (value !== null) {
      builder.sample({ locations: stack.map(locationOf).reverse(), values: [value], labels })
    }
    stack = []
    value = null
  }
  while (reader.next()) {
    const { line } = reader
    if (SEPARATOR.test(line)) {
      close()
      labels = []
      isBelowHeader = true
      continue
    }
    const head = line.slice(0, VALUE_COLUMNS).trim()
    const frame = FRAME.exec(line)
    const printed = head === '' ? null : printedValue(frame?.[1] ?? '')
    if (!isBelowHeader) continue
    if (head === '' && value !== null) stack.push(line.trim())
    else if (printed !== null && frame !== null) {
      close()
      value = printed.value
      stack.push(frame[2])
    } else {
      const label = LABEL.exec(line)
      if (label !== null) labels.push({ key: label[1], text: label[2] })
    }
  }
  close()
  return builder.finish()
}
