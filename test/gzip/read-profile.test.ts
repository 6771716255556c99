import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as browser from '../../gzip/browser.ts'
import type { ReadOptions } from '../../gzip/index.ts'
import * as node from '../../gzip/node.ts'
import { faultOf, NONE, type Profile, ProfileFormatError } from '../../profile/index.ts'

const folder = join(import.meta.dirname, '../fixtures/bad-inputs')

/** Our answer, and, where pprof's verdict is another, what we answer when asked to judge as pprof does. */
const ANSWERS: Readonly<Record<string, string | readonly [string, string]>> = {
  '00_ok_gz': 'reads',
  '00_ok_raw': 'reads',
  '01_gz_bad_crc': 'gzip_checksum',
  '01_gz_double': ['reads with double_gzip', 'double_gzip'],
  '01_gz_multimember_split': 'reads',
  '01_gz_multimember_twoprofiles': 'concatenated_profiles',
  '01_gz_trailing_garbage': 'gzip_trailing_data',
  '01_gz_trailing_zeros': ['reads with gzip_padding', 'gzip_trailing_data'],
  '01_gz_trunc_half': 'gzip_truncated',
  '02_empty': 'empty_input',
  '02_html': 'html',
  '02_text_debug1': 'reads',
  '03_concat_raw': 'concatenated_profiles',
  '03_raw_trunc_1': 'truncated',
  '03_raw_trunc_half': 'truncated',
  '04_field0': ['field_zero', 'reads with field_zero'],
  '04_unknown_field_ok': 'reads',
  '04_wire_group3': 'wire_type',
  '04_wire_time_fixed64': 'wire_type',
  '04_wire_type6': 'wire_type',
  '05_len_2e63': 'truncated',
  '05_varint_10bytes_over64': 'reads',
  '05_varint_11bytes': 'varint',
  '05_varint_nonminimal': 'reads',
  '06_value_max': 'reads',
  '06_value_min': 'reads',
  '06_value_neg': 'reads',
  '07_values_none': 'value_count',
  '08_no_string_table': 'string_table',
  '08_str_idx_oob': 'string_index',
  '08_str_invalid_utf8': 'reads with invalid_utf8',
  '08_strtab0_nonempty': 'string_table',
  '09_loc_dup': 'duplicate_id',
  '09_loc_id_huge': 'reads',
  '09_sample_loc_missing': 'location_id',
  '10_map_dup': 'duplicate_id',
  '10_map_id0': 'reserved_id',
  '10_map_missing_ref': 'reads',
  '11_func_id0_line': 'function_id',
  '12_sample_empty': 'value_count',
  '14_label_key_oob': 'string_index',
  '14_label_str_and_num': 'reads',
  '14_labels_proto_key': 'reads',
  '15_mixed_packed': 'reads',
  '15_unpacked_values': 'reads',
  '16_comment_oob': 'string_index',
  '16_default_sample_type_oob': 'string_index',
  '16_period_type_dup': 'reads',
  '16_time_dup_field': 'concatenated_profiles',
  '17_bool_2': 'reads',
}

describe.each([
  ['Node', node.readProfile],
  ['the browser', browser.readProfile],
])('in %s', (_, readProfile) => {
  const answerTo = (bytes: Uint8Array, options?: ReadOptions) => {
    try {
      const codes = readProfile(bytes, options).warnings.map(({ code }) => code)
      return codes.length === 0 ? 'reads' : `reads with ${codes.join(' ')}`
    } catch (error) {
      if (error instanceof ProfileFormatError) return error.reason
      throw error
    }
  }

  test.each(Object.entries(ANSWERS))('%s is answered by %s', (file, answers) => {
    const bytes = readFileSync(join(folder, file))
    const [ours, asPprof] = typeof answers === 'string' ? [answers, answers] : answers
    expect(answerTo(bytes)).toBe(ours)
    expect(answerTo(bytes, { isAsPprof: true })).toBe(asPprof)
  })

  test('a bomb is refused before it is large', () => {
    const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024))
    const before = process.cpuUsage()
    expect(answerTo(bomb)).toBe('inflated_bytes')
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
  })

  test('a large profile that shrinks well behind an honest beginning is refused by its ratio', () => {
    const honest = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) ^ (index >> 3))
    const bytes = new Uint8Array(64 * 1024 * 1024)
    bytes.set(honest)
    expect(answerTo(gzipSync(bytes), { ratioMax: 50 })).toBe('inflated_bytes')
  })

  test('what is larger than the limit is refused, compressed or not', () => {
    const bytes = readFileSync(join(folder, '00_ok_raw'))
    expect(answerTo(bytes, { inflatedBytesMax: 100 })).toBe('inflated_bytes')
    expect(answerTo(gzipSync(bytes), { inflatedBytesMax: 100 })).toBe('inflated_bytes')
  })
})

test.each([
  [[0x28, 0xb5, 0x2f, 0xfd, 4, 0], 'zstd_corrupt', 'invalid'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0], 'xz', 'unsupported_encoding'],
  ['BZh91AY&SY', 'bzip2', 'unsupported_encoding'],
  ['Rar!\x1a\x07\0', 'archive', 'unsupported_encoding'],
  ['FLR\0\0\x02', 'jfr', 'not_a_profile'],
  ['%PDF-1.7', 'picture', 'not_a_profile'],
  ['digraph "cpu" {\nnode [style=filled]', 'picture', 'not_a_profile'],
  ['<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg width="100%"', 'svg', 'not_a_profile'],
  ['go1.7 heap dump\n\x06', 'heap_dump', 'not_a_profile'],
  ['404 page not found\n', 'text', 'not_a_profile'],
  [[0x1f, 0xef, 0xbf, 0xbd, 8, 0], 'not_utf8', 'invalid'],
  [[0xff, 0xfe, 0x1f, 0, 0xef, 0, 8, 0], 'utf16_binary', 'invalid'],
  ['HTTP/1.1 403 Forbidden\r\nA: b\r\n\r\nno\n', 'http_status', 'not_a_profile'],
  ['', 'empty_input', 'invalid'],
  [[0x78, 0x9c, 0x4b, 0x04, 0], 'deflate', 'unsupported_encoding'],
  ['Unauthorized\n', 'text', 'not_a_profile'],
  ['{"kind":"Status","message":"no \\"pods\\"","code":403}', 'kubernetes_status', 'not_a_profile'],
  ['{"a":1}', 'json', 'not_a_profile'],
  ['--- threadz 1 ---\n', 'legacy_text', 'not_a_profile'],
  ['PERFILE2\0\0', 'perf_data', 'not_a_profile'],
  ['\x7fELF\x02\x01\x01\0', 'program', 'not_a_profile'],
  ['go 1.23 trace\0\0\0', 'execution_trace', 'not_a_profile'],
])('%j is named %s', (content, reason, fault) => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Uint8Array.from(content)
  const error = errorOf(() => node.readProfile(bytes))
  expect(error.reason).toBe(reason)
  expect(faultOf(error)).toBe(fault)
})

test("an apiserver's refusal is reported in its own words", () => {
  const bytes = Buffer.from('{"kind":"Status","message":"no \\"pods\\"","code":403}')
  expect(errorOf(() => node.readProfile(bytes)).message).toContain('403: no "pods"')
})

test('a message names the field, the row and the byte', () => {
  const bytes = readFileSync(join(folder, '08_str_idx_oob'))
  const { message, offsetBytes } = errorOf(() => node.readProfile(bytes))
  expect(message).toContain('function 0: field 2 is string 99')
  expect(offsetBytes).toBe(43)
})

test('the largest and the smallest value are kept exactly', () => {
  expect(valuesOf('06_value_max')).toContain(2n ** 63n - 1n)
  expect(valuesOf('06_value_min')).toContain(-(2n ** 63n))
})

test('a label called __proto__ is a label', () => {
  const { labelSets, strings } = node.readProfile(readFileSync(join(folder, '14_labels_proto_key')))
  expect([...labelSets.key].map((key) => strings[key])).toContain('__proto__')
})

test('a stack of a million frames is read', () => {
  const profile = node.readProfile(deepProfile(1_000_000))
  let depth = 0
  let stack = profile.samples.stack[0] ?? NONE
  for (; stack !== NONE; stack = profile.stacks.parent[stack] ?? NONE) depth++
  expect(depth).toBe(1_000_000)
})

const fuzzFolder = join(import.meta.dirname, '../../../shared/conformance/fuzz/own')

test.skipIf(!existsSync(fuzzFolder))('files are read and refused as pprof does', () => {
  const verdicts = readdirSync(fuzzFolder).map((file) => ({
    file,
    verdict: isRead(readFileSync(join(fuzzFolder, file))) ? 'ok' : 'err',
  }))
  // pprof does not know these dumps, we do.
  const others = verdicts.filter(({ file }) => file !== 'err-goroutine-debug2')
  expect(others.filter(({ file, verdict }) => !file.startsWith(`${verdict}-`))).toEqual([])
})

function valuesOf(file: string) {
  return [...(node.readProfile(readFileSync(join(folder, file))).samples.values[0] ?? [])]
}

function isRead(bytes: Uint8Array): Profile | null {
  try {
    return node.readProfile(bytes, { isAsPprof: true })
  } catch (error) {
    if (error instanceof ProfileFormatError) return null
    throw error
  }
}

function errorOf(run: () => unknown): ProfileFormatError {
  try {
    run()
  } catch (error) {
    if (error instanceof ProfileFormatError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** profile.proto, written by hand: one sample type, one location and a sample that names it again and again. */
function deepProfile(depth: number): Uint8Array {
  const lengthOf = (value: number): number[] =>
    value < 128 ? [value] : [(value & 127) | 128, ...lengthOf(value >>> 7)]
  const message = (field: number, bytes: readonly number[]) => [
    (field << 3) | 2,
    ...lengthOf(bytes.length),
    ...bytes,
  ]
  const tail = [
    ...message(4, [8, 1]),
    ...message(6, []),
    ...message(6, [...Buffer.from('goroutine')]),
  ]
  const ids = [(1 << 3) | 2, ...lengthOf(depth)]
  const value = [(2 << 3) | 0, 7]
  const head = [...message(1, [8, 1]), (2 << 3) | 2, ...lengthOf(ids.length + depth + value.length)]
  return Buffer.concat([
    Buffer.from([...head, ...ids]),
    Buffer.alloc(depth, 1),
    Buffer.from([...value, ...tail]),
  ])
}
