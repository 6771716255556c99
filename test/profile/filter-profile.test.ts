import { expect, test } from 'vitest'
import {
  filterProfile,
  isInTagRange,
  NONE,
  parseTagFilter,
  parseTagRange,
  type Profile,
  ProfileBuilder,
  type ProfileFilters,
  profileFromFolded,
} from '../../profile/index.ts'

const cpu = { type: 'cpu', unit: 'nanoseconds' }

test.each<[string, ProfileFilters, readonly string[]]>([
  ['focus keeps samples through a match', { focus: /^b$/ }, ['a;b;c 1', 'a;b;d 2']],
  ['ignore drops samples through a match', { ignore: /^d$/ }, ['a;b;c 1', 'x;c 4']],
  ['ignore is stronger than focus', { focus: /^b$/, ignore: /^d$/ }, ['a;b;c 1']],
  ['hide takes frames out', { hide: /^b$/ }, ['a;c 1', 'a;d 2', 'x;c 4']],
  ['hide drops samples that lose every frame', { hide: /^[xc]$/ }, ['a;b 1', 'a;b;d 2']],
  ['show keeps matching frames alone', { show: /^[bx]$/ }, ['b 1', 'b 2', 'x 4']],
  ['show_from cuts above the match nearest the root', { showFrom: /^b$/ }, ['b;c 1', 'b;d 2']],
  ['prune_from cuts below the match', { pruneFrom: /^b$/ }, ['a;b 1', 'a;b 2', 'x;c 4']],
])('%s', (_, filters, left) => {
  const profile = profileFromFolded('a;b;c 1\na;b;d 2\nx;c 4', cpu)
  expect(foldedOf(filterProfile(profile, filters))).toEqual(left)
})

test('show_from keeps the later frames of a function that recurs', () => {
  const profile = profileFromFolded('a;b;c;b 1', cpu)
  expect(foldedOf(filterProfile(profile, { showFrom: /^b$/ }))).toEqual(['b;c;b 1'])
})

test('patterns see files of functions and of mappings', () => {
  const profile = profileFromFolded('a @/src/a.go:1;b 1\nc 2', cpu, { mappingFile: '/bin/etcd' })
  expect(foldedOf(filterProfile(profile, { focus: /a\.go$/ }))).toEqual(['a;b 1'])
  expect(foldedOf(filterProfile(profile, { focus: /etcd/ }))).toEqual(['a;b 1', 'c 2'])
})

test('a location is hidden line by line, so inlined frames can go alone', () => {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const [outer, inner] = ['outer', 'inner'].map((name) => builder.func({ name }))
  const location = builder.location({ lines: [{ func: outer }, { func: inner }] })
  builder.sample({ locations: [location], values: [1] })
  const profile = builder.finish()
  expect(foldedOf(filterProfile(profile, { hide: /inner/ }))).toEqual(['outer 1'])
  expect(foldedOf(filterProfile(profile, { hide: /outer/ }))).toEqual(['inner 1'])
})

test('filters that match nothing are named', () => {
  const unmatched: string[] = []
  const profile = profileFromFolded('a;b 1', cpu)
  filterProfile(profile, { hide: /zzz/, showFrom: /yyy/ }, (filter) => unmatched.push(filter))
  expect(unmatched).toEqual(['Hide', 'ShowFrom'])
})

test.each([
  ['verb:LIST', 1],
  ['verb=LIST', 1],
  ['verb=LIST,GET', 2],
  ['verb:LIST,resource', 1],
  ['bytes=1kb:', 2],
  ['512b:1kb', 1],
  ['2kb', 1],
  ['other=LIST', 0],
])('tagfocus %s finds %s samples', (text, count) => {
  const tagFocus = parseTagFilter(text, (source) => new RegExp(source))
  expect(filterProfile(labelled(), { tagFocus }).samples.length).toBe(count)
  expect(filterProfile(labelled(), { tagIgnore: tagFocus }).samples.length).toBe(3 - count)
})

test('taghide takes labels away and leaves the samples', () => {
  const { labelSets, samples, strings } = filterProfile(labelled(), { tagHide: /^(verb|bytes)$/ })
  expect(samples.length).toBe(3)
  expect(Array.from(labelSets.key, (key) => strings[key])).toEqual(['resource'])
})

test.each([
  ['32kb', { unit: 'kB', min: 32, max: 32 }],
  [':64kb', { unit: 'kB', min: null, max: 64 }],
  ['4mb:', { unit: 'MB', min: 4, max: null }],
  ['12kb:64mb', { unit: 'kB', min: 12, max: 65536 }],
  ['1kb:2s', null],
  ['1.5kb', null],
  ['abc', null],
])('%s is the range %o', (text, range) => {
  expect(parseTagRange(text)).toEqual(range)
})

test('a range holds its bounds in any unit of the family and nothing of another', () => {
  const range = parseTagRange('1kb:2kb')
  if (range === null) throw new Error('no range')
  expect(isInTagRange(range, 1024n, 'bytes')).toBe(true)
  expect(isInTagRange(range, 2049n, 'bytes')).toBe(false)
  expect(isInTagRange(range, 1n, 'seconds')).toBe(false)
})

const verb = (text: string) => ({ key: 'verb', text })
const bytes = (number: bigint) => ({ key: 'bytes', number, unit: 'bytes' })

function labelled(): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [cpu] })
  const location = builder.location({ lines: [{ func: builder.func({ name: 'a' }) }] })
  const locations = [location]
  const resource = { key: 'resource', text: 'pods' }
  builder.sample({ locations, values: [1], labels: [verb('LIST'), resource, bytes(1024n)] })
  builder.sample({ locations, values: [2], labels: [verb('GET'), bytes(2048n)] })
  builder.sample({ locations, values: [4] })
  return builder.finish()
}

function foldedOf({ samples, stacks, frames, funcs, strings }: Profile): string[] {
  return Array.from(samples.stack, (leaf, sample) => {
    const names: string[] = []
    for (let stack = leaf; stack !== NONE; stack = stacks.parent[stack]) {
      names.unshift(strings[funcs.name[frames.func[stacks.frame[stack]]]])
    }
    return `${names.join(';')} ${samples.values[0][sample]}`
  })
}
