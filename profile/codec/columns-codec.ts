import { ByteReader, type DecodeText } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { checkProfile, checkTables } from '../columns/check-profile.ts'
import { rowNumbers } from '../columns/gather.ts'
import {
  readDoubles,
  readIndexes,
  readStarts,
  readValues,
  readWide,
  writeDoubles,
  writeIndexes,
  writeStarts,
  writeValues,
  writeWide,
} from './packed-columns.ts'
import type { Profile, ValueType } from '../types.ts'

/** Bytes "kpc" and the version. Readers know one version; who has bytes of another makes them anew from the raw ones. */
const MAGIC = [0x6b, 0x70, 0x63]
export const COLUMNS_VERSION = 1

/**
 * A profile as bytes that are small once compressed and quick to read in a browser. Everything of the profile is kept:
 * `decodeColumns(encodeColumns(profile))` equals it.
 */
export function encodeColumns(profile: Profile): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
  for (const byte of [...MAGIC, COLUMNS_VERSION]) writer.byte(byte)
  writeHeader(writer, profile)
  writeNames(writer, profile)
  writePlaces(writer, profile)
  writeSamples(writer, profile)
  return writer.finish()
}

/**
 * Reads what `encodeColumns` wrote and checks it. Profiles that share texts are read faster with one `decodeText` of
 * `sharedTexts` for all. Throws a ProfileFormatError `columns` or `columns_version`.
 */
export function decodeColumns(bytes: Uint8Array, decodeText?: DecodeText): Profile {
  const profile = readTables(new ByteReader(bytes, decodeText), readTexts)
  checkProfile(profile)
  return profile
}

/** Texts as they lie in bytes: text `index` from `bounds[2 * index]` to `bounds[2 * index + 1]`. */
export interface TextBytes {
  readonly length: number
  readonly bytes: Uint8Array
  readonly bounds: Uint32Array
}

/** A profile whose texts stay bytes, for a merger that knows most of them. */
export type UnreadProfile = Omit<Profile, 'strings'> & { readonly strings: TextBytes }

/** Reads as `decodeColumns` does and leaves the texts where they are. The profile refers to `bytes`. */
export function decodeUnread(bytes: Uint8Array): UnreadProfile {
  const profile = readTables(new ByteReader(bytes), (reader) => readBounds(reader, bytes))
  checkTables(profile)
  return profile
}

function readTexts(reader: ByteReader): readonly string[] {
  return rows(reader, () => reader.text())
}

function readBounds(reader: ByteReader, bytes: Uint8Array): TextBytes {
  const length = reader.rowCount()
  const bounds = new Uint32Array(2 * length)
  for (let index = 0; index < length; index++) {
    const sizeBytes = reader.varint()
    bounds[2 * index] = reader.offset
    reader.raw(sizeBytes)
    bounds[2 * index + 1] = reader.offset
  }
  if (bounds[0] !== bounds[1]) reader.fail('the first text is not empty')
  return { length, bytes, bounds }
}

function readTables<Strings>(reader: ByteReader, readStrings: (reader: ByteReader) => Strings) {
  if (MAGIC.some((byte) => reader.byte() !== byte)) reader.fail('the bytes are not columns')
  const version = reader.byte()
  if (version !== COLUMNS_VERSION) {
    reader.fail(`the columns have version ${version}, this reads ${COLUMNS_VERSION}`)
  }
  const header = readHeader(reader)
  const strings = readStrings(reader)
  const names = readNames(reader)
  const places = readPlaces(reader)
  const samples = readSamples(reader, header.sampleTypes.length)
  if (reader.leftBytes !== 0) reader.fail('bytes follow the columns')
  return { ...header, strings, ...names, ...places, ...samples }
}

function writeHeader(writer: ByteWriter, profile: Profile): void {
  writeTypes(writer, profile.sampleTypes)
  writeTypes(writer, profile.periodType === null ? [] : [profile.periodType])
  for (const text of [
    profile.defaultSampleType,
    profile.docUrl,
    profile.dropFrames,
    profile.keepFrames,
  ]) {
    writer.text(text)
  }
  for (const wide of [profile.period, profile.timeNs, profile.durationNs]) writer.wideVarint(wide)
  writer.varint(profile.comments.length)
  for (const comment of profile.comments) writer.text(comment)
  writer.varint(profile.warnings.length)
  for (const { code, text } of profile.warnings) {
    writer.text(code)
    writer.text(text)
  }
}

function readHeader(reader: ByteReader) {
  const sampleTypes = readTypes(reader)
  const [periodType = null] = readTypes(reader)
  const texts = { defaultSampleType: reader.text(), docUrl: reader.text() }
  const frames = { dropFrames: reader.text(), keepFrames: reader.text() }
  const signed = () => BigInt.asIntN(64, reader.wideVarint())
  const wide = { period: signed(), timeNs: signed(), durationNs: signed() }
  const comments = rows(reader, () => reader.text())
  const warnings = rows(reader, () => ({ code: reader.text(), text: reader.text() }))
  return { sampleTypes, periodType, ...texts, ...frames, ...wide, comments, warnings }
}

function writeTypes(writer: ByteWriter, types: readonly ValueType[]): void {
  writer.varint(types.length)
  for (const { type, unit } of types) {
    writer.text(type)
    writer.text(unit)
  }
}

function readTypes(reader: ByteReader): ValueType[] {
  return rows(reader, () => ({ type: reader.text(), unit: reader.text() }))
}

function rows<T>(reader: ByteReader, read: () => T): T[] {
  return Array.from({ length: reader.rowCount() }, read)
}

function writeNames(writer: ByteWriter, { strings, mappings, funcs }: Profile): void {
  writer.varint(strings.length)
  for (const text of strings) writer.text(text)
  writer.varint(mappings.length)
  writeWide(writer, mappings.start)
  writeWide(writer, mappings.limit)
  writeWide(writer, mappings.offset)
  writeIndexes(writer, mappings.file)
  writeIndexes(writer, mappings.buildId)
  writer.raw(mappings.flags)
  writer.varint(funcs.length)
  writeIndexes(writer, funcs.name)
  // In Go they are the name itself: a row of zeros.
  writeIndexes(writer, funcs.systemName, funcs.name)
  writeIndexes(writer, funcs.file)
  writeDoubles(writer, funcs.startLine)
}

function readNames(reader: ByteReader): Pick<Profile, 'mappings' | 'funcs'> {
  const mappingCount = reader.rowCount()
  const mappings = {
    length: mappingCount,
    start: new BigUint64Array(readWide(reader, mappingCount)),
    limit: new BigUint64Array(readWide(reader, mappingCount)),
    offset: new BigUint64Array(readWide(reader, mappingCount)),
    file: new Uint32Array(readIndexes(reader, mappingCount)),
    buildId: new Uint32Array(readIndexes(reader, mappingCount)),
    flags: reader.raw(mappingCount).slice(),
  }
  const length = reader.rowCount()
  const name = new Uint32Array(readIndexes(reader, length))
  const systemName = new Uint32Array(readIndexes(reader, length, name))
  const file = new Uint32Array(readIndexes(reader, length))
  const startLine = readDoubles(reader, length)
  return { mappings, funcs: { length, name, systemName, file, startLine } }
}

function writePlaces(writer: ByteWriter, { locations, frames, stacks }: Profile): void {
  writer.varint(locations.length)
  writeIndexes(writer, locations.mapping)
  writeWide(writer, locations.address)
  writer.raw(locations.isFolded)
  writeStarts(writer, locations.frameStart)
  writer.varint(frames.length)
  writeIndexes(writer, frames.func)
  writeDoubles(writer, frames.line)
  writeDoubles(writer, frames.column)
  writer.varint(stacks.length)
  // Close to the parent of a stack is the row before it.
  writeIndexes(writer, stacks.parent, rowNumbers(stacks.length))
  writeIndexes(writer, stacks.frame)
}

function readPlaces(reader: ByteReader): Pick<Profile, 'locations' | 'frames' | 'stacks'> {
  const locationCount = reader.rowCount()
  const mapping = new Int32Array(readIndexes(reader, locationCount))
  const address = new BigUint64Array(readWide(reader, locationCount))
  const isFolded = reader.raw(locationCount).slice()
  const frameStart = readStarts(reader, locationCount)
  const locations = { length: locationCount, mapping, address, isFolded, frameStart }
  const length = reader.rowCount()
  if (length !== frameStart[locationCount]) reader.fail('the frames are not those of the locations')
  const location = new Uint32Array(length)
  for (let row = 0; row < locationCount; row++) {
    location.fill(row, frameStart[row], frameStart[row + 1])
  }
  const func = new Int32Array(readIndexes(reader, length))
  const line = readDoubles(reader, length)
  const column = readDoubles(reader, length)
  const stackCount = reader.rowCount()
  const parent = new Int32Array(readIndexes(reader, stackCount, rowNumbers(stackCount)))
  const frame = new Uint32Array(readIndexes(reader, stackCount))
  return {
    locations,
    frames: { length, location, func, line, column },
    stacks: { length: stackCount, parent, frame },
  }
}

function writeSamples(writer: ByteWriter, { labelSets, samples }: Profile): void {
  writer.varint(labelSets.length)
  writeStarts(writer, labelSets.labelStart)
  writer.varint(labelSets.key.length)
  writeIndexes(writer, labelSets.key)
  writeIndexes(writer, labelSets.text)
  writeWide(writer, labelSets.number)
  writeIndexes(writer, labelSets.unit)
  writer.varint(samples.length)
  writeIndexes(writer, samples.stack)
  writeIndexes(writer, samples.labelSet)
  for (const values of samples.values) writeValues(writer, values)
  writer.byte(samples.inferredDepth === null ? 0 : 1)
  if (samples.inferredDepth !== null) writeIndexes(writer, samples.inferredDepth)
}

function readSamples(
  reader: ByteReader,
  typeCount: number,
): Pick<Profile, 'labelSets' | 'samples'> {
  const setCount = reader.rowCount()
  const labelStart = readStarts(reader, setCount)
  const labelCount = reader.rowCount()
  const labelSets = {
    length: setCount,
    labelStart,
    key: new Uint32Array(readIndexes(reader, labelCount)),
    text: new Int32Array(readIndexes(reader, labelCount)),
    number: new BigInt64Array(readWide(reader, labelCount)),
    unit: new Uint32Array(readIndexes(reader, labelCount)),
  }
  const length = reader.rowCount()
  const stack = new Int32Array(readIndexes(reader, length))
  const labelSet = new Uint32Array(readIndexes(reader, length))
  const values = Array.from({ length: typeCount }, () => readValues(reader, length))
  const inferredDepth = reader.byte() === 0 ? null : new Uint32Array(readIndexes(reader, length))
  return { labelSets, samples: { length, stack, labelSet, values, inferredDepth } }
}
