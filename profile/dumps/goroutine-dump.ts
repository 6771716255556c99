import { CUT_OFF, severalDumps, skippedLines, warn } from './dump-warnings.ts'
import { DumpedStack } from './dumped-stack.ts'
import { quotedPairs } from './go-quoted.ts'
import type { LineReader } from '../text/line-reader.ts'
import { type LabelDraft, ProfileBuilder } from '../columns/profile-builder.ts'
import type { Profile } from '../types.ts'

/** `goroutine 12 [chan receive, 33 minutes, locked to thread]:`; crashes print `gp=`, `m=` in front of the state. */
const HEADER = /^goroutine (\d+) [^[]*\[(.*)\][^\]]*:$/
const CREATED_BY = /^created by (.*?)(?: in goroutine \d+)?$/
const HEADER_START = 'goroutine '
const GOROUTINE = { type: 'goroutine', unit: 'count' }
/** The stack on which a thread schedules: `?debug=2` does not list it. */
const SCHEDULER_ID = '0'

/**
 * Reads goroutines as `goroutine?debug=2` and crashes print them: each is a sample of value 1 with the labels `state`,
 * `minutes` (how long it has waited, where Go says so), `createdBy`, `lockedToThread` and its own. The reader is in
 * front of the first one. Other lines between them, registers among them, are passed over. Where the text has several
 * dumps, which the repeated numbers of goroutines show, the one with the most goroutines is read.
 */
export function dumpOfGoroutines(reader: LineReader): Profile {
  let best = new DumpReader()
  let dump = best
  let dumpCount = 1
  while (reader.next()) {
    const line = reader.line.trimEnd()
    const header = HEADER.exec(line)
    if (header === null) {
      dump.readLine(line)
      continue
    }
    const [, id, state] = header
    if (dump.ids.has(id)) {
      dump = new DumpReader()
      dumpCount++
    }
    dump.begin(id, state)
    if (dump.ids.size > best.ids.size) best = dump
  }
  const profile = best.finish()
  const read = isHeaderCut(reader.line) ? warn(profile, CUT_OFF) : profile
  return dumpCount === 1 ? read : warn(read, severalDumps(dumpCount, best.ids.size))
}

/** Whether the last line is the beginning of a goroutine's. */
function isHeaderCut(line: string): boolean {
  const isStart = line.startsWith(HEADER_START) || HEADER_START.startsWith(line)
  return line !== '' && isStart && !HEADER.test(line)
}

/** The goroutines of one dump. */
class DumpReader {
  readonly ids = new Set<string>()
  readonly #builder = new ProfileBuilder({
    sampleTypes: [GOROUTINE],
    periodType: GOROUTINE,
    period: 1n,
  })
  #labels: LabelDraft[] = []
  #stack: DumpedStack | null = null
  #isCounted = true
  #skippedCount = 0
  /** Lines outside of goroutines since the last line of one. */
  #strangeCount = 0

  begin(id: string, state: string): void {
    this.#close()
    this.#skippedCount += this.ids.size === 0 ? 0 : this.#strangeCount
    this.#strangeCount = 0
    this.ids.add(id)
    this.#isCounted = id !== SCHEDULER_ID
    this.#labels = stateLabels(state)
    this.#stack = new DumpedStack(this.#builder)
  }

  readLine(line: string): void {
    if (line === '') this.#close()
    else if (this.#stack === null || !this.#readStackLine(this.#stack, line)) this.#strangeCount++
  }

  finish(): Profile {
    const isCut = this.#stack !== null && this.#stack.isPlaceMissing
    this.#close()
    const profile = this.#builder.finish()
    const warnings = [
      ...(isCut ? [CUT_OFF] : []),
      ...(this.#skippedCount > 0 ? [skippedLines(this.#skippedCount)] : []),
    ]
    return { ...profile, warnings }
  }

  #readStackLine(stack: DumpedStack, line: string): boolean {
    const created = CREATED_BY.exec(line)
    if (created === null) return stack.readLine(line)
    this.#labels.push({ key: 'createdBy', text: created[1] })
    stack.endCalls()
    return true
  }

  #close(): void {
    if (this.#stack === null) return
    if (this.#isCounted) {
      const locations = this.#stack.locations()
      this.#builder.sample({ locations, values: [1], labels: this.#labels })
    }
    this.#stack = null
  }
}

/** `chan receive, 33 minutes, locked to thread labels:{"req": "1"}`, the last of Go 1.26. */
function stateLabels(text: string): LabelDraft[] {
  const labelsAt = text.indexOf(' labels:{')
  const words = labelsAt === -1 ? text : text.slice(0, labelsAt)
  const [state, ...rest] = words.split(', ')
  const labels: LabelDraft[] = [{ key: 'state', text: state.replace(' (scan)', '') }]
  for (const word of rest) {
    const minutes = /^(\d+) minutes$/.exec(word)
    if (minutes !== null) {
      labels.push({ key: 'minutes', number: BigInt(minutes[1]), unit: 'minutes' })
    } else if (word === 'locked to thread') labels.push({ key: 'lockedToThread', text: 'true' })
  }
  return labelsAt === -1 ? labels : [...labels, ...quotedPairs(text.slice(labelsAt))]
}
