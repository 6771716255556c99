import { ProfileFormatError } from '../profile-format-error.ts'

export const WIRE_VARINT = 0
export const WIRE_FIXED64 = 1
export const WIRE_BYTES = 2
export const WIRE_FIXED32 = 5

/** The largest `fieldMax` of a NumberMessage. */
export const NUMBER_FIELDS_MAX = 10

/** What kind of message `readNumbers` reads. */
export interface NumberMessage {
  readonly fieldMax: number
  readonly messageField: number
  /** What its rows are called in errors. */
  readonly table: string
}

/** For fields of the profile itself. */
export const NO_ROW = -1

/**
 * Reads protobuf fields one after the other, as strictly as pprof does: the same varints, lengths and wire types are
 * refused (https://github.com/google/pprof/blob/main/profile/proto.go).
 *
 * After `next()` the field's value is in `lo` and `hi` (a 64-bit number as two unsigned halves) or, where
 * `wireType` is WIRE_BYTES, lies from `dataStart` up to `dataEnd`.
 */
export class WireReader {
  readonly bytes: Uint8Array
  /** The next byte to be read. */
  offset = 0
  /** Where the message being read ends. */
  end: number
  /** Where the field last read begins, for messages. */
  fieldOffset = 0
  field = 0
  wireType = 0
  lo = 0
  hi = 0
  dataStart = 0
  dataEnd = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.end = bytes.length
  }

  /**
   * After `readNumbers`: by field, the last number as two unsigned halves (0 if missing) and where its field
   * begins.
   */
  readonly numberLo = new Uint32Array(NUMBER_FIELDS_MAX + 1)
  readonly numberHi = new Uint32Array(NUMBER_FIELDS_MAX + 1)
  readonly numberOffset = new Uint32Array(NUMBER_FIELDS_MAX + 1)
  /** After `readNumbers`: where the messages in `messageField` lie, start and end in turn. */
  readonly messages: number[] = []

  /** Goes on with the bytes from `start` up to `end`. */
  enter(start: number, end: number): void {
    this.offset = start
    this.end = end
  }

  /**
   * Reads one field, or answers false at the end of the message. Small tags, numbers and lengths are read on the spot:
   * a profile is read once by a cold process, where every call counts.
   */
  next(): boolean {
    const { bytes, end, offset } = this
    if (offset >= end) return false
    this.fieldOffset = offset
    const tag = bytes[offset]
    if (tag >= 0x80) return this.#nextSlowly()
    this.field = tag >>> 3
    this.wireType = tag & 7
    const value = offset + 1 < end ? bytes[offset + 1] : 0x80
    if (value >= 0x80) {
      this.offset = offset + 1
      this.#readPayload()
    } else if (this.wireType === WIRE_VARINT) {
      this.lo = value
      this.hi = 0
      this.offset = offset + 2
    } else if (this.wireType === WIRE_BYTES && value <= end - offset - 2) {
      this.dataStart = offset + 2
      this.dataEnd = this.dataStart + value
      this.offset = this.dataEnd
    } else {
      this.offset = offset + 1
      this.#readPayload()
    }
    return true
  }

  /**
   * Reads a whole message whose fields up to `fieldMax` are numbers, but for `messageField` (0 for none), which holds
   * messages. One call for all fields, because a cold process feels every call.
   */
  readNumbers(
    start: number,
    end: number,
    { fieldMax, messageField, table }: NumberMessage,
    row: number,
  ): void {
    const { bytes, numberLo, numberHi, numberOffset } = this
    // A loop, because a call of `fill` takes longer than reading most messages.
    for (let field = 1; field <= fieldMax; field++) {
      numberLo[field] = 0
      numberHi[field] = 0
    }
    this.messages.length = 0
    let offset = start
    while (offset < end) {
      const field = bytes[offset] >>> 3
      const wireType = bytes[offset] & 7
      // A short message, and a number of up to four bytes, in place.
      if (field === messageField && wireType === WIRE_BYTES && offset + 1 < end) {
        const stop = offset + 2 + bytes[offset + 1]
        if (bytes[offset + 1] < 0x80 && stop <= end) {
          this.messages.push(offset + 2, stop)
          offset = stop
          continue
        }
      } else if (wireType === WIRE_VARINT && field <= fieldMax && field !== messageField) {
        let value = 0
        let byte = 0x80
        let next = offset + 1
        for (let shift = 0; byte >= 0x80 && shift < 28 && next < end; shift += 7) {
          byte = bytes[next++]
          value |= (byte & 0x7f) << shift
        }
        if (byte < 0x80) {
          numberLo[field] = value
          numberHi[field] = 0
          numberOffset[field] = offset
          offset = next
          continue
        }
      }
      this.enter(offset, end)
      this.#readNumberSlowly(fieldMax, messageField, table, row)
      offset = this.offset
    }
  }

  /** Reads the varint at `offset` into `lo` and `hi`. Bits above 64 are dropped, as pprof drops them. */
  readVarint(): void {
    const { bytes, end, offset } = this
    if (offset + 2 < end) {
      let byte = bytes[offset]
      let value = byte & 0x7f
      let next = offset + 1
      if (byte >= 0x80) {
        byte = bytes[next++]
        value |= (byte & 0x7f) << 7
      }
      if (byte >= 0x80) {
        byte = bytes[next++]
        value |= (byte & 0x7f) << 14
      }
      if (byte < 0x80) {
        this.lo = value
        this.hi = 0
        this.offset = next
        return
      }
    }
    this.#readLongVarint()
  }

  /** The number last read, as an unsigned 64-bit integer. */
  unsigned(): bigint {
    return this.hi === 0 ? BigInt(this.lo) : (BigInt(this.hi) << 32n) | BigInt(this.lo)
  }

  /** The number last read, as a signed 64-bit integer. */
  signed(): bigint {
    return BigInt.asIntN(64, this.unsigned())
  }

  /** The number last read as a signed double: exact up to 2^53, rounded above. */
  double(): number {
    return (this.hi | 0) * 4294967296 + this.lo
  }

  /** Refuses the field last read unless it has this wire type. The row of the table is named: `sample 3`. */
  expect(wireType: number, table: string, row: number): void {
    if (this.wireType === wireType) return
    const where = row === NO_ROW ? table : `${table} ${row}: field ${this.field}`
    const message = `${where} has wire type ${this.wireType} where ${wireType} is due`
    throw this.errorAtField('wire_type', message)
  }

  errorAtField(reason: string, message: string): ProfileFormatError {
    return this.error(reason, message, this.fieldOffset)
  }

  error(reason: string, message: string, offset: number): ProfileFormatError {
    return new ProfileFormatError(reason, message, offset)
  }

  #readNumberSlowly(fieldMax: number, messageField: number, table: string, row: number): void {
    this.next()
    const { field } = this
    if (field < 1 || field > fieldMax) return
    this.expect(field === messageField ? WIRE_BYTES : WIRE_VARINT, table, row)
    if (field === messageField) this.messages.push(this.dataStart, this.dataEnd)
    else {
      this.numberLo[field] = this.lo
      this.numberHi[field] = this.hi
      this.numberOffset[field] = this.fieldOffset
    }
  }

  #nextSlowly(): boolean {
    this.readVarint()
    this.wireType = this.lo & 7
    // A field number above 2^29 is invalid and skipped like any unknown field.
    this.field = this.hi === 0 ? this.lo >>> 3 : -1
    this.#readPayload()
    return true
  }

  #readPayload(): void {
    if (this.wireType === WIRE_VARINT) this.readVarint()
    else if (this.wireType === WIRE_BYTES) this.#readLength()
    else if (this.wireType === WIRE_FIXED64) this.#readFixed(8)
    else if (this.wireType === WIRE_FIXED32) this.#readFixed(4)
    else {
      const what = this.wireType <= 4 ? 'a group' : 'not a wire type'
      const message = `field ${this.field} has wire type ${this.wireType}, ${what}`
      throw this.errorAtField('wire_type', message)
    }
  }

  #readLongVarint(): void {
    const { bytes, end } = this
    let offset = this.offset
    let lo = 0
    let hi = 0
    for (let index = 0; index < 10; index++) {
      if (offset >= end) throw this.error('truncated', 'a varint is cut off', this.offset)
      const byte = bytes[offset++]
      const bits = byte & 0x7f
      if (index <= 4) lo |= bits << (7 * index)
      if (index === 4) hi = bits >>> 4
      if (index > 4) hi |= bits << (7 * index - 32)
      if (byte < 0x80) {
        this.lo = lo >>> 0
        this.hi = hi >>> 0
        this.offset = offset
        return
      }
    }
    throw this.error('varint', 'a varint is longer than 10 bytes', this.offset)
  }

  #readLength(): void {
    this.readVarint()
    const start = this.offset
    if (this.hi !== 0 || this.lo > this.end - start) {
      const length = this.unsigned()
      const rest = this.end - start
      throw this.errorAtField(
        'truncated',
        `field ${this.field} declares ${length} bytes, ${rest} are left`,
      )
    }
    this.dataStart = start
    this.dataEnd = start + this.lo
    this.offset = this.dataEnd
  }

  #readFixed(sizeBytes: 4 | 8): void {
    const { bytes, offset } = this
    if (this.end - offset < sizeBytes) {
      throw this.errorAtField('truncated', `field ${this.field} is cut off`)
    }
    this.lo = littleEndian32(bytes, offset)
    this.hi = sizeBytes === 8 ? littleEndian32(bytes, offset + 4) : 0
    this.offset = offset + sizeBytes
  }
}

function littleEndian32(bytes: Uint8Array, offset: number): number {
  const [a, b, c, d] = bytes.subarray(offset, offset + 4)
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
}
