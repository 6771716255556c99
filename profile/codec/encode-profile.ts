import { ByteWriter } from './byte-writer.ts'
import { grown, uint32 } from '../columns/growing-column.ts'
import { PROFILE_FIELD } from '../decode/scan-profile.ts'
import { NONE, type Profile, type ValueType } from '../types.ts'

/**
 * Writes profile.proto, not compressed. Ids are row numbers plus one. What is read again equals the profile but for
 * its warnings and `inferredDepth`, and for lines beyond 2^53, which columns hold rounded.
 */
export function encodeProfile(profile: Profile): Uint8Array<ArrayBuffer> {
  return new ProfileWriter(profile).write()
}

class ProfileWriter {
  readonly #profile: Profile
  readonly #strings: string[]
  readonly #rowOfText: Map<string, number>
  readonly #out = new ByteWriter()
  /** One message of the top level, and one within it. */
  readonly #message = new ByteWriter()
  readonly #inner = new ByteWriter()
  /** The ids of one sample's locations. */
  #ids = uint32(256)

  constructor(profile: Profile) {
    this.#profile = profile
    this.#strings = [...profile.strings]
    this.#rowOfText = new Map(profile.strings.map((text, row) => [text, row]))
  }

  write(): Uint8Array<ArrayBuffer> {
    const { sampleTypes, periodType, samples, mappings, locations, funcs } = this.#profile
    for (const type of sampleTypes) this.#valueType(PROFILE_FIELD.sampleType, type)
    for (let row = 0; row < samples.length; row++) this.#sample(row)
    for (let row = 0; row < mappings.length; row++) this.#mapping(row)
    for (let row = 0; row < locations.length; row++) this.#location(row)
    for (let row = 0; row < funcs.length; row++) this.#func(row)
    if (periodType !== null) this.#valueType(PROFILE_FIELD.periodType, periodType)
    this.#header()
    // Last, because the header may have added to it. Readers take the fields in any order.
    for (const text of this.#strings) {
      this.#out.varint((PROFILE_FIELD.string << 3) | 2)
      this.#out.text(text)
    }
    return this.#out.finish()
  }

  #header(): void {
    const { comments, ...profile } = this.#profile
    const out = this.#out
    number(out, PROFILE_FIELD.dropFrames, this.#stringOf(profile.dropFrames))
    number(out, PROFILE_FIELD.keepFrames, this.#stringOf(profile.keepFrames))
    wide(out, PROFILE_FIELD.timeNanos, profile.timeNs)
    wide(out, PROFILE_FIELD.durationNanos, profile.durationNs)
    wide(out, PROFILE_FIELD.period, profile.period)
    for (const comment of comments) {
      out.varint(PROFILE_FIELD.comment << 3)
      out.varint(this.#stringOf(comment))
    }
    number(out, PROFILE_FIELD.defaultSampleType, this.#stringOf(profile.defaultSampleType))
    number(out, PROFILE_FIELD.docUrl, this.#stringOf(profile.docUrl))
  }

  #valueType(field: number, { type, unit }: ValueType): void {
    number(this.#message, 1, this.#stringOf(type))
    number(this.#message, 2, this.#stringOf(unit))
    this.#flush(field)
  }

  #sample(row: number): void {
    const { samples, stacks, frames, locations } = this.#profile
    const { parent, frame } = stacks
    const { frameStart } = locations
    const { location: locationOf } = frames
    let ids = this.#ids
    let count = 0
    let stack = samples.stack[row]
    while (stack !== NONE) {
      const location = locationOf[frame[stack]]
      if (count === ids.length) ids = this.#ids = grown(ids, uint32)
      ids[count++] = location + 1
      const first = frameStart[location]
      while (frame[stack] !== first) stack = parent[stack]
      stack = parent[stack]
    }
    this.#inner.varints(ids, count)
    if (count > 0) this.#flushInner(1)
    for (const values of samples.values) wideValue(this.#inner, values[row])
    if (this.#inner.length > 0) this.#flushInner(2)
    this.#labels(samples.labelSet[row])
    this.#flush(PROFILE_FIELD.sample)
  }

  #labels(set: number): void {
    const { labelStart, key, text, number: num, unit } = this.#profile.labelSets
    for (let label = labelStart[set]; label < labelStart[set + 1]; label++) {
      number(this.#inner, 1, key[label])
      if (text[label] !== NONE) number(this.#inner, 2, text[label])
      else {
        wide(this.#inner, 3, num[label])
        number(this.#inner, 4, unit[label])
      }
      this.#flushInner(3)
    }
  }

  #mapping(row: number): void {
    const { start, limit, offset, file, buildId, flags } = this.#profile.mappings
    const message = this.#message
    number(message, 1, row + 1)
    wide(message, 2, start[row])
    wide(message, 3, limit[row])
    wide(message, 4, offset[row])
    number(message, 5, file[row])
    number(message, 6, buildId[row])
    for (let bit = 0; bit < 4; bit++) number(message, 7 + bit, (flags[row] >> bit) & 1)
    this.#flush(PROFILE_FIELD.mapping)
  }

  #location(row: number): void {
    const { locations, frames } = this.#profile
    const message = this.#message
    number(message, 1, row + 1)
    number(message, 2, locations.mapping[row] + 1)
    wide(message, 3, locations.address[row])
    for (
      let frame = locations.frameStart[row + 1] - 1;
      frame >= locations.frameStart[row];
      frame--
    ) {
      if (frames.func[frame] === NONE) continue
      number(this.#inner, 1, frames.func[frame] + 1)
      number(this.#inner, 2, frames.line[frame])
      number(this.#inner, 3, frames.column[frame])
      this.#flushInner(4)
    }
    number(message, 5, locations.isFolded[row])
    this.#flush(PROFILE_FIELD.location)
  }

  #func(row: number): void {
    const { name, systemName, file, startLine } = this.#profile.funcs
    const message = this.#message
    number(message, 1, row + 1)
    number(message, 2, name[row])
    number(message, 3, systemName[row])
    number(message, 4, file[row])
    number(message, 5, startLine[row])
    this.#flush(PROFILE_FIELD.func)
  }

  #stringOf(text: string): number {
    const known = this.#rowOfText.get(text)
    if (known !== undefined) return known
    const row = this.#strings.push(text) - 1
    this.#rowOfText.set(text, row)
    return row
  }

  #flushInner(field: number): void {
    flush(this.#message, field, this.#inner)
  }

  #flush(field: number): void {
    flush(this.#out, field, this.#message)
  }
}

function flush(out: ByteWriter, field: number, message: ByteWriter): void {
  out.varint((field << 3) | 2)
  out.message(message)
  message.clear()
}

/** A field with the value 0 is left out. */
function number(out: ByteWriter, field: number, value: number): void {
  if (value === 0) return
  out.varint(field << 3)
  wideValue(out, value)
}

/** A whole number of 64 bits, as its bits. */
function wideValue(out: ByteWriter, value: number | bigint): void {
  const isSmall = typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
  if (isSmall) out.varint(value)
  else out.wideVarint(BigInt(value))
}

function wide(out: ByteWriter, field: number, value: bigint): void {
  if (value === 0n) return
  out.varint(field << 3)
  out.wideVarint(value)
}
