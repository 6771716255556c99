import { encodeUtf8 } from '../columns/utf8.ts'

/** A format recognised by its first bytes, and the error message that names it and says what to do. */
export interface KnownFormat {
  readonly reason: string
  readonly message: string
  readonly starts: readonly (string | readonly number[])[]
}

const UNPACK = 'unpack it first'
const TAKE_ITSELF = 'give the profile that it was made of'

/** Formats that are not profiles or that kubeprof does not read, each by its first bytes. */
export const KNOWN_FORMATS: readonly KnownFormat[] = [
  {
    reason: 'zstd',
    message: 'the bytes are zstd, which is not read here; unpack them with zstd -d first',
    starts: [[0x28, 0xb5, 0x2f, 0xfd]],
  },
  {
    reason: 'xz',
    message: `the bytes are xz; ${UNPACK}: xz -d FILE`,
    starts: [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
  },
  {
    reason: 'bzip2',
    message: `the bytes are bzip2; ${UNPACK}: bunzip2 FILE`,
    starts: ['BZh'],
  },
  {
    reason: 'lz4',
    message: `the bytes are lz4; ${UNPACK}: lz4 -d FILE`,
    starts: [[0x04, 0x22, 0x4d, 0x18]],
  },
  {
    reason: 'compress',
    message: `the bytes are of compress (.Z); ${UNPACK}: gunzip FILE`,
    starts: [[0x1f, 0x9d]],
  },
  {
    reason: 'archive',
    message: `the bytes are a 7-Zip or RAR archive; ${UNPACK}`,
    starts: [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'Rar!\x1a\x07'],
  },
  {
    reason: 'program',
    message:
      'the bytes are a program, not a profile: give its profile, with or without the program before it',
    starts: [
      [0x7f, 0x45, 0x4c, 0x46],
      [0xcf, 0xfa, 0xed, 0xfe],
      [0x4d, 0x5a, 0x90, 0],
    ],
  },
  {
    reason: 'jfr',
    message:
      'the bytes are a recording of Java Flight Recorder, which is not read; open it with JDK Mission Control',
    starts: ['FLR\0'],
  },
  {
    reason: 'heap_dump',
    message:
      'the bytes are a dump of the heap itself, not a profile of it; take /debug/pprof/heap instead',
    starts: ['JAVA PROFILE', 'go1.7 heap dump\n'],
  },
  {
    reason: 'perf_data',
    message: 'the bytes are of Linux perf; convert them to pprof',
    starts: ['perfile2', 'PERFILE2'],
  },
  {
    reason: 'picture',
    message: `the bytes are a picture (PNG, JPEG, GIF or PDF), not a profile; ${TAKE_ITSELF}`,
    starts: [[0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], 'GIF8', '%PDF'],
  },
  {
    reason: 'picture',
    message: `the bytes are a graph for Graphviz (.dot), not a profile; ${TAKE_ITSELF}`,
    starts: ['digraph '],
  },
  {
    reason: 'not_utf8',
    message:
      'the bytes are gzip that was treated as text: bytes that are not UTF-8 were replaced (U+FFFD) and are lost. Save the answer as ' +
      'bytes (curl -o FILE URL)',
    starts: [[0x1f, 0xef, 0xbf, 0xbd]],
  },
]

/** Null where the bytes begin as none of them does. */
export function knownFormatOf(bytes: Uint8Array): KnownFormat | null {
  const isAtStart = (start: string | readonly number[]) => {
    const expected = typeof start === 'string' ? encodeUtf8(start) : start
    return expected.every((byte, at) => bytes[at] === byte)
  }
  return KNOWN_FORMATS.find(({ starts }) => starts.some(isAtStart)) ?? null
}
