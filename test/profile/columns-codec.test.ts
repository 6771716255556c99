import { expect, test } from 'vitest'
import {
  decodeColumns,
  decodeUnread,
  encodeColumns,
  type Profile,
  ProfileBuilder,
  profileFromFolded,
  ProfileFormatError,
} from '../../profile/index.ts'

test('a profile comes back from its columns as it went in', () => {
  const profile = everything()
  expect(decodeColumns(encodeColumns(profile))).toEqual(profile)
})

test('a profile whose texts stay bytes is the same but for these', () => {
  const profile = everything()
  const bytes = encodeColumns(profile)
  const { strings, ...tables } = decodeUnread(bytes)
  const { strings: texts, ...others } = profile
  expect(tables).toEqual(others)
  const textAt = (index: number) =>
    new TextDecoder().decode(
      bytes.subarray(strings.bounds[2 * index], strings.bounds[2 * index + 1]),
    )
  expect(Array.from({ length: strings.length }, (_, index) => textAt(index))).toEqual(texts)
})

test('addresses come back whole, however far apart they are', () => {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: 'cpu', unit: 'nanoseconds' }] })
  const addresses = [0n, 2n ** 64n - 1n, 1n, 2n ** 63n, 2n ** 32n, 2n ** 32n - 1n, 2n ** 50n, 7n]
  for (const address of addresses) {
    const func = builder.func({ name: String(address) })
    const location = builder.location({ mapping: -1, address, lines: [{ func, line: 1 }] })
    builder.sample({ locations: [location], values: [1] })
  }
  const profile = builder.finish()
  expect(decodeColumns(encodeColumns(profile)).locations.address).toEqual(
    BigUint64Array.from(addresses),
  )
})

test('columns of another version are refused by name', () => {
  const bytes = encodeColumns(profileFromFolded('a 1', { type: 'cpu', unit: 'nanoseconds' }))
  bytes[3]++
  expect(() => decodeColumns(bytes)).toThrow('version')
})

test('columns that were cut or changed are refused or still hold the invariants', () => {
  const bytes = encodeColumns(everything())
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeColumns(bytes.subarray(0, length))).toThrow(ProfileFormatError)
  }
  const crashes: unknown[] = []
  for (let offset = 0; offset < bytes.length; offset++) {
    for (const flip of [1, 0x80, 0xff]) {
      const changed = bytes.slice()
      changed[offset] ^= flip
      const error = errorOf(() => decodeColumns(changed))
      if (error !== null && !(error instanceof ProfileFormatError)) crashes.push(error)
    }
  }
  expect(crashes).toEqual([])
})

function errorOf(run: () => unknown): unknown {
  try {
    run()
    return null
  } catch (error) {
    return error
  }
}

function everything(): Profile {
  const builder = new ProfileBuilder({
    sampleTypes: [
      { type: 'samples', unit: 'count' },
      { type: 'wide', unit: 'bytes' },
    ],
    defaultSampleType: 'wide',
    periodType: { type: 'cpu', unit: 'nanoseconds' },
    period: -1n,
    timeNs: 1_790_000_000_123_456_789n,
    durationNs: 5n,
    comments: ['#hidden', '<b>'],
    docUrl: 'https://example.com',
    dropFrames: 'a|b',
    keepFrames: 'c',
    warnings: [{ code: 'gzip_padding', text: 'x' }],
  })
  const mapping = builder.mapping({
    start: 0x400000n,
    limit: 2n ** 64n - 1n,
    offset: 7n,
    file: '/bin/a',
    buildId: 'b',
    flags: 9,
  })
  const main = builder.func({ name: 'main.main', file: 'main.go', startLine: 3 })
  const odd = builder.func({ name: '__proto__', systemName: '\uFFFD', startLine: 2 ** 60 })
  const place = builder.location({
    mapping,
    address: 2n ** 64n - 2n,
    lines: [
      { func: main, line: 5, column: 2 },
      { func: odd, line: -1 },
    ],
  })
  const nameless = builder.location({ address: 17n, isFolded: true, lines: [] })
  builder.sample({
    locations: [place, nameless, place],
    values: [10_000_000, 2n ** 62n],
    labels: [
      { key: '__proto__', text: 'x' },
      { key: 'bytes', number: -(2n ** 63n), unit: 'kB' },
    ],
  })
  builder.sample({ locations: [], values: [-20_000_000, -(2n ** 62n)] })
  return builder.finish()
}
