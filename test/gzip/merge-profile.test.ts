import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { mergeProfile } from '../../gzip/node.ts'
import { encodeProfile, mergeProfiles, ProfileBuilder, ProfileMerger } from '../../profile/index.ts'

test('a large file is merged from its gzip', () => {
  const builder = new ProfileBuilder({ sampleTypes: [{ type: 'samples', unit: 'count' }] })
  const mapping = builder.mapping({ start: 0n, limit: 4096n, file: 'server' })
  for (let index = 0; index < 2000; index++) {
    const func = builder.func({ name: `main.function-${index}-with-a-name-that-takes-room` })
    const location = builder.location({
      mapping,
      address: BigInt(index),
      lines: [{ func, line: 1 }],
    })
    builder.sample({ locations: [location], values: [1] })
  }
  const profile = builder.finish()
  const file = gzipSync(encodeProfile(profile))
  const merger = new ProfileMerger()
  mergeProfile(merger, file)
  mergeProfile(merger, file)
  expect(merger.finish()).toEqual(mergeProfiles([profile, profile]))
})
