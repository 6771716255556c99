import { ByteReader, type DecodeText } from '../codec/byte-reader.ts'
import { ByteWriter } from '../codec/byte-writer.ts'
import { decodeColumns, encodeColumns } from '../codec/columns-codec.ts'
import {
  type Block,
  type BlockHeader,
  type BlockMember,
  type BlockShape,
  columnWidth,
  type RolledUp,
} from './block.ts'
import type { ValueType } from '../types.ts'

/** Bytes "kph" and the version. Readers know one version; `kubeprof history rebuild` makes those of another anew. */
const MAGIC = [0x6b, 0x70, 0x68]
export const BLOCK_VERSION = 1

/** A block as bytes, small once compressed. `decodeBlock(encodeBlock(block))` equals it. */
export function encodeBlock({ shape, tables, headers, members }: Block): Uint8Array<ArrayBuffer> {
  const columnBytes = members.reduce((sum, { column }) => sum + column.length, 0)
  const writer = new ByteWriter(1024 + columnBytes + 8 * tables.stacks.length)
  for (const byte of [...MAGIC, BLOCK_VERSION]) writer.byte(byte)
  writeShape(writer, shape)
  writer.varint(headers.length)
  for (const header of headers) writeHeader(writer, header)
  writeMembers(writer, members)
  writer.raw(encodeColumns(tables))
  return writer.finish()
}

/**
 * Reads what `encodeBlock` wrote; columns stay bytes until they are summed. Throws a ProfileFormatError `columns`. The
 * block refers to `bytes`. `decodeText` as in `decodeColumns`.
 */
export function decodeBlock(bytes: Uint8Array, decodeText?: DecodeText): Block {
  const reader = new ByteReader(bytes)
  if (MAGIC.some((byte) => reader.byte() !== byte)) reader.fail('the bytes are no block')
  const version = reader.byte()
  if (version !== BLOCK_VERSION) {
    reader.fail(`the block has version ${version}, this reads ${BLOCK_VERSION}`)
  }
  const shape = readShape(reader)
  const headers = listOf(reader, () => readHeader(reader))
  const members = readMembers(reader, shape, headers.length)
  const tables = decodeColumns(reader.raw(reader.leftBytes), decodeText)
  return { shape, headers, members, tables }
}

function writeShape(writer: ByteWriter, { sampleTypes, periodType, isTimed }: BlockShape): void {
  writer.byte(isTimed ? 1 : 0)
  writeTypes(writer, sampleTypes)
  writeTypes(writer, periodType === null ? [] : [periodType])
}

function readShape(reader: ByteReader): BlockShape {
  const isTimed = reader.byte() === 1
  const sampleTypes = readTypes(reader)
  const [periodType = null] = readTypes(reader)
  return { sampleTypes, periodType, isTimed }
}

function writeTypes(writer: ByteWriter, types: readonly ValueType[]): void {
  writer.varint(types.length)
  for (const { type, unit } of types) {
    writer.text(type)
    writer.text(unit)
  }
}

function readTypes(reader: ByteReader): ValueType[] {
  return listOf(reader, () => ({ type: reader.text(), unit: reader.text() }))
}

function writeHeader(writer: ByteWriter, header: BlockHeader): void {
  writer.text(header.defaultSampleType)
  writer.wideVarint(header.period)
  writer.text(header.docUrl)
  writer.text(header.dropFrames)
  writer.text(header.keepFrames)
  writer.varint(header.comments.length)
  for (const comment of header.comments) writer.text(comment)
  writer.varint(header.warnings.length)
  for (const { code, text } of header.warnings) {
    writer.text(code)
    writer.text(text)
  }
}

function readHeader(reader: ByteReader): BlockHeader {
  return {
    defaultSampleType: reader.text(),
    period: signed(reader),
    docUrl: reader.text(),
    dropFrames: reader.text(),
    keepFrames: reader.text(),
    comments: listOf(reader, () => reader.text()),
    warnings: listOf(reader, () => ({ code: reader.text(), text: reader.text() })),
  }
}

/** Texts that many members share are written once. */
function writeMembers(writer: ByteWriter, members: readonly BlockMember[]): void {
  const texts = [...new Set(members.flatMap(({ series, process }) => [series, process]))]
  const rowOf = new Map(texts.map((text, row) => [text, row]))
  writer.varint(texts.length)
  for (const text of texts) writer.text(text)
  writer.varint(members.length)
  for (const member of members) {
    writer.text(member.profileId)
    writer.varint(rowOf.get(member.series) ?? 0)
    writer.varint(rowOf.get(member.process) ?? 0)
    writer.signedVarint(member.atMs)
    writer.varint(member.header)
    writer.wideVarint(member.timeNs)
    writer.wideVarint(member.durationNs)
    const { rolled } = member
    const flags = [member.isDelta, member.hasRestarted, rolled !== null]
    writer.byte(flags.reduce((bits, flag, bit) => bits | (flag ? 1 << bit : 0), 0))
    if (rolled !== null) writeRolled(writer, rolled, member.atMs)
    for (const total of member.totals) writeTotal(writer, total)
    for (const magnitude of member.magnitudes) writer.double(magnitude)
    writer.varint(member.column.length)
    writer.raw(member.column)
  }
}

function writeRolled(writer: ByteWriter, rolled: RolledUp, atMs: number): void {
  writer.varint(rolled.lastMs - atMs)
  writer.varint(rolled.profileCount)
  writer.varint(rolled.restartCount)
  writer.varint(rolled.grownMs)
}

function readRolled(reader: ByteReader, atMs: number): RolledUp {
  return {
    lastMs: atMs + reader.varint(),
    profileCount: reader.varint(),
    restartCount: reader.varint(),
    grownMs: reader.varint(),
  }
}

function readMembers(reader: ByteReader, shape: BlockShape, headerCount: number): BlockMember[] {
  const typeCount = shape.sampleTypes.length
  const texts = listOf(reader, () => reader.text())
  const text = () => texts[reader.varint()] ?? reader.fail('a text is missing')
  return listOf(reader, () => {
    const profileId = reader.text()
    const [series, process] = [text(), text()]
    const atMs = reader.signedVarint()
    const header = reader.varint()
    if (header >= headerCount) reader.fail('a header is missing')
    const [timeNs, durationNs] = [signed(reader), signed(reader)]
    const flags = reader.byte()
    const rolled = (flags & 4) === 0 ? null : readRolled(reader, atMs)
    const width = columnWidth(shape, { rolled })
    return {
      profileId,
      series,
      process,
      atMs,
      header,
      timeNs,
      durationNs,
      rolled,
      isDelta: (flags & 1) !== 0,
      hasRestarted: (flags & 2) !== 0,
      totals: Array.from({ length: typeCount }, () => readTotal(reader)),
      magnitudes: Array.from({ length: width }, () => reader.double()),
      column: reader.raw(reader.varint()),
    }
  })
}

/** Sums of many 64-bit values take more than 64 bits. */
function writeTotal(writer: ByteWriter, total: bigint): void {
  writer.wideVarint(BigInt.asUintN(64, total))
  writer.varint(Number(total >> 64n))
}

function readTotal(reader: ByteReader): bigint {
  const low = reader.wideVarint()
  return low + (BigInt(reader.varint()) << 64n)
}

function signed(reader: ByteReader): bigint {
  return BigInt.asIntN(64, reader.wideVarint())
}

function listOf<T>(reader: ByteReader, read: () => T): T[] {
  return Array.from({ length: reader.rowCount() }, read)
}
