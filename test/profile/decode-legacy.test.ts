import { expect, test } from 'vitest'
import { checkProfile, decodeLegacy, NONE, type Profile } from '../../profile/index.ts'

const MAP = [
  'MAPPED_LIBRARIES:',
  '00400000-00500000 r-xp 00000000 fd:01 7 /bin/server',
  '00500000-00600000 rw-p 00100000 fd:01 7 /bin/server',
  '7f0000000000-7f0000100000 r-xp 00000000 fd:01 8 /lib/libc.so.6',
  '',
].join('\n')

test.each([
  ['32 bits, low byte first', 4, true],
  ['32 bits, high byte first', 4, false],
  ['64 bits, low byte first', 8, true],
  ['64 bits, high byte first', 8, false],
] as const)('the CPU profile of gperftools in words of %s', (_, sizeBytes, isLittle) => {
  const profile = read(cpuBytes({ sizeBytes, isLittle }))
  expect(profile.period).toBe(10_000_000n)
  expect(profile.samples.values.map((column) => [...column])).toEqual([
    [2, 1],
    [20_000_000, 10_000_000],
  ])
  // Callers are one byte before where they return to.
  expect(addressesOf(profile, 0)).toEqual([0x400200n, 0x400fffn])
  expect(filesOf(profile)).toEqual(['/bin/server', '/lib/libc.so.6'])
})

test('the frame that nearly all samples have behind the leaf is of the measurement', () => {
  const words = [0, 3, 0, 10_000, 0]
  for (let leaf = 1; leaf <= 40; leaf++) words.push(1, 3, 0x400000 + 16 * leaf, 0x401000, 0x402001)
  const profile = read(wordsOf([...words, 0, 1, 0], { sizeBytes: 8, isLittle: true }))
  expect(addressesOf(profile, 0)).toEqual([0x400010n])
})

test('the heap of a C++ program, sampled by its sizes', () => {
  const profile = read(
    'heap profile: 1: 1048576 [4: 4194304] @ heap_v2/524288\n' +
      '1: 1048576 [4: 4194304] @ 0x400101 0x400201\n' +
      MAP,
  )
  expect(profile.sampleTypes.map(({ type }) => type)).toEqual([
    'alloc_objects',
    'alloc_space',
    'inuse_objects',
    'inuse_space',
  ])
  const scale = 1 / (1 - Math.exp(-2))
  expect(profile.samples.values.map(([value]) => value)).toEqual(
    [4, 4 * 2 ** 20, 1, 2 ** 20].map((value) => Math.trunc(value * scale)),
  )
  expect(profile.labelSets.number[0]).toBe(1_048_576n)
  expect(addressesOf(profile, 0)).toEqual([0x400100n, 0x400200n])
})

test('what a heap grew by is not sampled', () => {
  const profile = read('heap profile: 1: 64 [1: 64] @ growthz\n1: 64 [1: 64] @ 0x400101\n')
  expect(profile.sampleTypes.map(({ type }) => type)).toEqual(['objects', 'space'])
  expect(profile.samples.values.map(([value]) => value)).toEqual([1, 64])
})

test('contentions are counted as often as they stand for, and their cycles are time', () => {
  const profile = read(
    '--- contentionz 1 ---\ncycles/second = 2000000000\nsampling period = 10\n' +
      'ms since reset = 5\ndiscarded samples = 0\n  400 3 @ 0x400101\n',
  )
  expect(profile.samples.values.map(([value]) => value)).toEqual([30, 2000])
  expect(profile.durationNs).toBe(5_000_000n)
})

test('threads with the stack of the thread before are added to it', () => {
  const profile = read(
    '--- threadz 1 ---\n\n--- Thread 7f (name: main/1) stack: ---\n  0x400101 0x400201\n' +
      '--- Thread 80 (name: other/2) stack: ---\n  [same as previous thread]\n' +
      '--- Memory map: ---\n  400000-500000: /bin/server\n',
  )
  expect([...profile.samples.values[0]]).toEqual([2])
  expect(addressesOf(profile, 0)).toEqual([0x400101n, 0x400200n])
  expect(filesOf(profile)).toEqual(['/bin/server'])
})

test("Java's heap has names and no addresses", () => {
  const profile = read(
    '--- heapz 1 ---\nformat = java\nresolution=bytes\n  1048576 1 @ 0x1 0x2\n' +
      '0x1 a.B.make (B.java:12)\n0x2 native (/lib/jvm/libjvm.so)\n',
  )
  const { strings, funcs, frames } = profile
  expect([...funcs.name].map((row) => strings[row])).toEqual(['a.B.make', 'native'])
  expect([...funcs.file].map((row) => strings[row])).toEqual(['B.java', 'libjvm.so'])
  expect([...frames.line]).toEqual([12, 0])
  expect([...profile.locations.address]).toEqual([0n, 0n])
})

test('variables and the prefixes of logs in a memory map are understood', () => {
  const profile = read(
    'heap profile: 1: 64 [1: 64] @ heapprofile\n1: 64 [1: 64] @ 0x400101\nMAPPED_LIBRARIES:\n' +
      'build=/usr/bin\nmain.cc:7] 00400000-00500000 r-xp 00000000 00:00 0 $build/server\n',
  )
  expect(filesOf(profile)).toEqual(['/usr/bin/server'])
})

test('an invalid line is reported, and other text is not read as a profile', () => {
  const bad = 'heap profile: 1: 64 [1: 64] @ heap_v2/1\nnonsense\n'
  expect(() => decodeLegacy(new TextEncoder().encode(bad))).toThrow('malformed sample: nonsense')
  expect(decodeLegacy(new TextEncoder().encode('--- something else ---\n'))).toBeNull()
  expect(decodeLegacy(new Uint8Array([0, 0, 0, 0, 3, 0, 0, 0]))).toBeNull()
  expect(decodeLegacy(new TextEncoder().encode('<html>'.repeat(20_000)))).toBeNull()
})

interface WordForm {
  readonly sizeBytes: 4 | 8
  readonly isLittle: boolean
}

function cpuBytes(form: WordForm): Uint8Array {
  const words = [0, 3, 0, 10_000, 0, 2, 2, 0x400200, 0x401000, 1, 1, 0x400300, 0, 1, 0]
  return Buffer.concat([wordsOf(words, form), new TextEncoder().encode(MAP)])
}

function wordsOf(words: readonly number[], { sizeBytes, isLittle }: WordForm): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * sizeBytes))
  for (const [index, word] of words.entries()) {
    if (sizeBytes === 4) view.setUint32(4 * index, word, isLittle)
    else view.setBigUint64(8 * index, BigInt(word), isLittle)
  }
  return new Uint8Array(view.buffer)
}

function read(source: string | Uint8Array): Profile {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const profile = decodeLegacy(bytes)
  if (profile === null) throw new Error('it was not read')
  checkProfile(profile)
  return profile
}

/** Leaf first. */
function addressesOf({ samples, stacks, frames, locations }: Profile, sample: number): bigint[] {
  const addresses: bigint[] = []
  for (let stack = samples.stack[sample]; stack !== NONE; stack = stacks.parent[stack]) {
    addresses.push(locations.address[frames.location[stacks.frame[stack]]])
  }
  return addresses
}

function filesOf({ mappings, strings }: Profile): string[] {
  return [...mappings.file].map((row) => strings[row])
}
