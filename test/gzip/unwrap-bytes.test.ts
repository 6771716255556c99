import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as browser from '../../gzip/browser.ts'
import * as node from '../../gzip/node.ts'
import { encodeProfile, ProfileFormatError, profileFromFolded } from '../../profile/index.ts'
import { stacksOf } from '../profile/stacks-of.ts'
import { zipOf } from './zip-of.ts'

const STACKS = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`main;work${index * 7919}`, [BigInt(index + 1)]]),
)
const FOLDED = Object.entries(STACKS)
  .map(([stack, [value]]) => `${stack} ${value}\n`)
  .join('')
const RAW = Buffer.from(
  encodeProfile(profileFromFolded(FOLDED, { type: 'samples', unit: 'count' })),
)
const GZIP = gzipSync(RAW)
const BASE64 = GZIP.toString('base64')

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
const crlf = (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
const chunks = (bytes: Buffer) =>
  Buffer.concat([
    ...[bytes.subarray(0, 300), bytes.subarray(300)].flatMap((part) => [
      Buffer.from(`${part.length.toString(16)}\r\n`),
      part,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('0\r\n\r\n'),
  ])
const answer = (body: Buffer, headers = 'Content-Type: application/octet-stream') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`), body])

const WRAPPED: Readonly<Record<string, readonly [Buffer, ...string[]]>> = {
  'folded stacks in UTF-16': [utf16(FOLDED)],
  'folded stacks in UTF-16 of the other byte order': [utf16(FOLDED).swap16()],
  'folded stacks in UTF-16 without a mark': [Buffer.from(FOLDED, 'utf16le')],
  'folded stacks behind a byte order mark': [Buffer.from(`\ufeff${FOLDED}`)],
  'base64 in one line': [Buffer.from(BASE64)],
  'base64 in lines': [Buffer.from(`${BASE64.replaceAll(/.{76}/g, '$&\r\n')}\n`)],
  'base64 of the alphabet for URLs': [Buffer.from(GZIP.toString('base64url'))],
  'base64 of a plain profile': [Buffer.from(RAW.toString('base64'))],
  'a data URL': [Buffer.from(`data:application/octet-stream;base64,${BASE64}`)],
  'base64 in UTF-16': [utf16(BASE64)],
  'a zip of gzip': [zipOf({ 'cpu.pb.gz': GZIP }, { isStored: true }), 'zip'],
  'a zip of a plain profile': [zipOf({ 'p/cpu.pb': RAW }), 'zip'],
  'a zip with what macOS adds': [
    zipOf({ 'p/': Buffer.alloc(0), 'p/a': GZIP, '__MACOSX/p/._a': RAW }),
    'zip',
  ],
  'a zip in gzip': [gzipSync(zipOf({ a: GZIP })), 'zip'],
  'HTTP headers in front of gzip': [answer(GZIP), 'http_headers'],
  'HTTP headers in front of folded stacks': [answer(Buffer.from(FOLDED)), 'http_headers'],
  'the headers of a proxy in front of those': [
    Buffer.concat([Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'), answer(GZIP)]),
    'http_headers',
    'http_headers',
  ],
  'the headers of a redirection in front of those': [
    Buffer.concat([Buffer.from('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n'), answer(GZIP)]),
    'http_headers',
    'http_headers',
  ],
  'HTTP chunks': [chunks(GZIP), 'http_chunks'],
  'HTTP chunks behind headers': [
    answer(chunks(GZIP), 'Transfer-Encoding: chunked'),
    'http_headers',
    'http_chunks',
  ],
  'gzip with a carriage return in front of each line feed': [crlf(GZIP), 'carriage_returns'],
  'a plain profile with them': [crlf(RAW), 'carriage_returns'],
  'Latin-1 as UTF-8': [Buffer.from(GZIP.toString('latin1')), 'recoded'],
  'messages in front of gzip': [
    Buffer.concat([Buffer.from('Defaulted container "etcd" out of: etcd, init (init)\n'), GZIP]),
    'text_in_front',
  ],
}

describe.each([
  ['Node', node.readProfile],
  ['the browser', browser.readProfile],
])('in %s', (_, readProfile) => {
  test.each(Object.entries(WRAPPED))('%s is read', (_name, [bytes, ...codes]) => {
    for (const isAsPprof of [false, true]) {
      const profile = readProfile(bytes, { isAsPprof })
      expect(stacksOf(profile)).toEqual(STACKS)
      expect(profile.warnings.map(({ code }) => code)).toEqual(codes)
    }
  })

  test('a bomb in zip is refused', () => {
    const bomb = zipOf({ bomb: Buffer.alloc(64 * 1024 * 1024) })
    expect(() => readProfile(bomb)).toThrow('inflates to more than')
  })
})

test.each(Object.entries({ node, browser }))('zstd is read up to its limit, by %s', (_, reader) => {
  const bytes = zstdCompressSync(RAW)
  expect(stacksOf(reader.readProfile(bytes))).toEqual(STACKS)
  const read = () => reader.readProfile(bytes, { inflatedBytesMax: 100 })
  expect(read).toThrow('inflates to more than')
  expect(() => reader.readProfile(bytes.subarray(0, -5))).toThrow(ProfileFormatError)
})

test.each([
  [zipOf({ a: RAW, b: RAW, c: RAW, d: RAW }), 'holds 4 files (a, b, c, ...); unpack it'],
  [zipOf({ a: RAW }).subarray(0, -30), 'is cut off: its end is missing'],
  [zipOf({ a: RAW }, { method: 12 }), 'method 12'],
  [zipOf({ a: RAW }, { flags: 1 }), 'is encrypted'],
])('an unreadable zip is refused with the reason: %#', (bytes, message) => {
  expect(() => node.readProfile(bytes)).toThrow(message)
})

test('what is damaged in zip is found by its checksum', () => {
  const bytes = zipOf({ a: RAW })
  bytes[100] = (bytes[100] ?? 0) ^ 0xff
  expect(() => node.readProfile(bytes)).toThrow(/damaged|checksum|ends too early/)
})

test('an HTTP response without a profile is reported with its status or the Kubernetes message', () => {
  expect(readingOf('404 Not Found', '404 page not found\n')).toThrow(
    'an HTTP answer 404 Not Found: "404 page not found"',
  )
  expect(readingOf('403 Forbidden', '{"kind":"Status","message":"no","code":403}')).toThrow(
    '403: no',
  )
})

test('text that is not base64 of a profile stays text', () => {
  const text = Buffer.from('This is a sentence of letters without any other signs at all ok')
  expect(() => node.readProfile(text)).toThrow('the bytes are text')
})

test('a goroutine dump in base64 is read', () => {
  const dump = Buffer.from('goroutine 7 [select]:\nmain.main()\n\t/src/main.go:2 +0x3\n')
  const profile = node.readProfile(Buffer.from(dump.toString('base64')))
  expect(profile.samples.length).toBe(1)
})

test('bytes of no known form are called no profile before protobuf is blamed', () => {
  expect(() => node.readProfile(Buffer.from([0xd4, 0xc3, 0xb2, 0xa1, 2, 0]))).toThrow(
    /^the bytes are no profile that can be read; as profile\.proto, field \d+ has .* \(at byte 0\)$/,
  )
  expect(() => node.readProfile(Buffer.from('  \n'))).toThrow('the bytes are nothing but blanks')
})

test('a file of strings alone is read as pprof does, with a warning', () => {
  const strings = Buffer.from([0x32, 0, 0x32, 3, 0x63, 0x70, 0x75])
  expect(node.readProfile(strings).warnings.map(({ code }) => code)).toEqual(['only_strings'])
})

test('an empty file is explained', () => {
  expect(() => node.readProfile(Buffer.alloc(0))).toThrow('etcd: --enable-pprof')
})

function readingOf(status: string, body: string) {
  const answer = `HTTP/1.1 ${status}\r\nServer: a\r\n\r\n${body}`
  return () => node.readProfile(Buffer.from(answer))
}
