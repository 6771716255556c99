import { expect, test } from 'vitest'
import { openUnpackedProfiles } from '../../history/index.ts'
import { readUnpacked } from '../../history/blocks/read-blocks.ts'
import { type Profile, ProfileBuilder } from '../../profile/index.ts'
import type { PendingProfile } from '../../store/index.ts'

test('the profiles that were decoded last are kept, in so much memory', () => {
  const unpacked = openUnpackedProfiles(100)
  unpacked.keep('first', profileOf(1), 60)
  unpacked.keep('second', profileOf(2), 40)
  expect(unpacked.get('first')).toEqual(profileOf(1))
  unpacked.keep('third', profileOf(3), 50)
  expect(['first', 'second', 'third'].map((key) => unpacked.get(key))).toEqual([
    null,
    profileOf(2),
    profileOf(3),
  ])
  unpacked.keep('large', profileOf(4), 101)
  expect(['third', 'large'].map((key) => unpacked.get(key))).toEqual([null, null])
})

test('a profile that is kept twice takes its room once, one that is forgotten none', () => {
  const unpacked = openUnpackedProfiles(100)
  unpacked.keep('first', profileOf(1), 60)
  unpacked.keep('first', profileOf(1), 60)
  expect(unpacked.get('first')).toEqual(profileOf(1))
  unpacked.forget(['first', 'unknown'])
  expect(unpacked.get('first')).toBeNull()
  unpacked.keep('second', profileOf(2), 100)
  expect(unpacked.get('second')).toEqual(profileOf(2))
})

test('a profile that was decoded is not read from its file', async () => {
  const unpacked = openUnpackedProfiles()
  unpacked.keep('file', profileOf(7), 100)
  const read: string[] = []
  const get = (key: string) => {
    read.push(key)
    return Promise.resolve(null)
  }
  const pending = [pendingOf('kept', 'file'), pendingOf('gone', 'other')]
  const { blocks, failedIds } = await readUnpacked({ get, unpacked }, pending)
  expect(blocks.flatMap(({ members }) => members.map(({ totals }) => totals))).toEqual([[7n]])
  expect({ read, failedIds }).toEqual({ read: ['other'], failedIds: ['gone'] })
})

function profileOf(value: number): Profile {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: 'samples', unit: 'count' }] })
  const func = builder.func({ name: 'main.work' })
  const location = builder.location({ address: 1n, lines: [{ func, line: 1 }] })
  builder.sample({ locations: [location], values: [value] })
  return builder.finish()
}

function pendingOf(profileId: string, rawBlobKey: string): PendingProfile {
  return {
    profileId,
    seriesId: 's',
    process: 'p',
    atMs: 0,
    rawBlobKey,
    columnsBlobKey: null,
    decoderVersion: '1',
  }
}
