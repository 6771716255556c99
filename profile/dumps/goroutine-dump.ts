import type { LineReader } from '../text/line-reader.ts'
import { type LabelDraft, type LineDraft, ProfileBuilder } from '../columns/profile-builder.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import type { LocationIndex, Profile } from '../types.ts'

/** `goroutine 12 [chan receive, 33 minutes, locked to thread]:`; crashes print `gp=`, `m=` in front of the state. */
const HEADER = /^goroutine \d+ (?:[^[]*)\[([^\]]*)\](.*):$/
const CREATED_BY = /^created by (.*?)(?: in goroutine \d+)?$/
const PLACE = /^\t(.*):(\d+)(?: \+0x[0-9a-f]+)?(?: .*)?$/

/**
 * Reads `goroutine?debug=2`: a goroutine is a sample of value 1 with the labels `state`, `minutes` (how long it has
 * waited, where Go says so), `createdBy` and `lockedToThread`. The reader is at the first goroutine.
 */
export function dumpOfGoroutines(reader: LineReader): Profile {
  const goroutine = { type: 'goroutine', unit: 'count' }
  const builder = new ProfileBuilder({
    sampleTypes: [goroutine],
    periodType: goroutine,
    period: 1n,
  })
  do {
    const header = HEADER.exec(reader.line)
    if (header !== null) readGoroutine(reader, header[1], builder)
    else if (reader.line.trim() !== '') refuse(reader)
  } while (reader.next())
  return builder.finish()
}

/** Reads on to the empty line behind the goroutine. */
function readGoroutine(reader: LineReader, state: string, builder: ProfileBuilder): void {
  const labels = stateLabels(state)
  const stack = new DumpedStack(builder)
  while (reader.next() && reader.line !== '') {
    const { line } = reader
    const created = CREATED_BY.exec(line)
    if (created !== null) {
      labels.push({ key: 'createdBy', text: created[1] })
      // Where: not a frame of this goroutine.
      if (!reader.next() || reader.line === '') break
    } else if (line.startsWith('\t')) stack.readPlace(line)
    // `...additional frames elided...`, `...23 frames elided...`
    else if (!line.startsWith('...')) stack.readCall(line)
  }
  builder.sample({ locations: stack.locations(), values: [1], labels })
}

function stateLabels(text: string): LabelDraft[] {
  const [state, ...rest] = text.split(', ')
  const labels: LabelDraft[] = [{ key: 'state', text: state }]
  for (const word of rest) {
    const minutes = /^(\d+) minutes$/.exec(word)
    if (minutes !== null) {
      labels.push({ key: 'minutes', number: BigInt(minutes[1]), unit: 'minutes' })
    } else if (word === 'locked to thread') labels.push({ key: 'lockedToThread', text: 'true' })
  }
  return labels
}

/** The frames of one goroutine, read leaf first. */
class DumpedStack {
  readonly #builder: ProfileBuilder
  readonly #locations: LocationIndex[] = []
  /** Lines of the functions inlined into the one that is read next, innermost first. */
  #inlined: LineDraft[] = []
  #name = ''
  #isInlined = false

  constructor(builder: ProfileBuilder) {
    this.#builder = builder
  }

  /** `sync.(*Mutex).Lock(0x1, {0x2, 0x3})`; `(...)` where it was inlined into the next one. */
  readCall(line: string): void {
    const open = openOfArguments(line)
    this.#name = line.slice(0, open)
    this.#isInlined = line.slice(open) === '(...)'
  }

  /** `	/usr/local/go/src/sync/mutex.go:46 +0x1f` */
  readPlace(line: string): void {
    const match = PLACE.exec(line)
    if (match === null || this.#name === '') return
    const func = this.#builder.func({ name: this.#name, file: match[1] })
    this.#inlined.push({ func, line: Number(match[2]) })
    this.#name = ''
    if (!this.#isInlined) this.#close()
  }

  /** Root first. */
  locations(): LocationIndex[] {
    if (this.#inlined.length > 0) this.#close()
    return this.#locations.reverse()
  }

  #close(): void {
    this.#locations.push(this.#builder.location({ lines: this.#inlined.reverse() }))
    this.#inlined = []
  }
}

/** Where the last balanced group of parentheses begins; the end of the line where there is none. */
function openOfArguments(line: string): number {
  if (!line.endsWith(')')) return line.length
  let depth = 0
  for (let index = line.length - 1; index >= 0; index--) {
    if (line[index] === ')') depth++
    else if (line[index] === '(' && --depth === 0) return index
  }
  return line.length
}

function refuse(reader: LineReader): never {
  const shown = reader.line.slice(0, 80)
  throw new ProfileFormatError(
    'text_dump',
    `line ${reader.lineNumber} does not begin a goroutine: ${shown}`,
  )
}
