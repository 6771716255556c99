import { expect, test } from 'vitest'
import { toArguments } from '../../worker/pool/decoder-settings.ts'

const store = { directory: '/data', freeBytesMin: 0, reserveBytes: 0 }

test('a decoder process gets the paths it needs, and no secret', () => {
  // As it is called: with all settings of kubeprof at hand.
  const settings = {
    store,
    rulesDirectory: '/rules',
    furtherRules: ['/own'],
    server: { tokens: ['secret'] },
  }
  expect(toArguments(settings).join(' ')).not.toContain('secret')
})
