import { expect, test } from 'vitest'
import { toArguments } from '../../worker/pool/decoder-settings.ts'

const files = { directory: '/data', freeBytesMin: 0, reserveBytes: 0 } as const

test('a decoder process gets the paths it needs, and no secret', () => {
  // As it is called: with all settings of kubeprof at hand.
  const settings = {
    blobs: { through: 'files' as const, ...files, s3SecretAccessKey: 'secret' },
    rulesDirectory: '/rules',
    furtherRules: ['/own'],
    server: { tokens: ['secret'] },
  }
  expect(toArguments(settings).join(' ')).not.toContain('secret')
})
