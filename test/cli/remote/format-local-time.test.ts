import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import { formatLocalTime } from '../../../cli/index.ts'
import { encodeProfile, profileFromFolded } from '../../../profile/index.ts'
import { find, lacks } from '../../requirements.ts'
import { temporaryDirectory } from '../../temporary-directory.ts'

const TIME_NS = 1_767_225_599_123_456_789n
const DAY_NS = 86_400_000_000_000n

afterEach(() => {
  vi.unstubAllEnvs()
})

test.each(['UTC', 'Etc/UTC', ''])('the zone %j is UTC', (zone) => {
  vi.stubEnv('TZ', zone)
  expect(formatLocalTime(TIME_NS, 'seconds')).toBe('2025-12-31 23:59:59 UTC')
  expect(formatLocalTime(TIME_NS, 'exact')).toBe('2025-12-31 23:59:59.123456789 +0000 UTC')
})

test('another zone has its own hours and name', () => {
  vi.stubEnv('TZ', 'America/New_York')
  expect(formatLocalTime(TIME_NS, 'seconds')).toBe('2025-12-31 18:59:59 EST')
})

const hasZones = existsSync('/usr/share/zoneinfo/Europe/Berlin')

test.skipIf(!hasZones).each([
  ['Europe/Berlin', TIME_NS, '2026-01-01 00:59:59 CET'],
  ['Europe/Berlin', TIME_NS + 200n * DAY_NS, '2026-07-20 01:59:59 CEST'],
  [':Asia/Kolkata', TIME_NS, '2026-01-01 05:29:59 IST'],
  ['Asia/Dubai', TIME_NS, '2026-01-01 03:59:59 +04'],
  ['Europe/London', 0n, '1970-01-01 01:00:00 BST'],
  ['Australia/Sydney', TIME_NS, '2026-01-01 10:59:59 AEDT'],
  ['Australia/Sydney', TIME_NS + 200n * DAY_NS, '2026-07-20 09:59:59 AEST'],
  ['America/Sao_Paulo', TIME_NS, '2025-12-31 20:59:59 -03'],
  ['No/Where', TIME_NS, '2025-12-31 23:59:59 UTC'],
])('times of %s at %s have the name of the zone then', (zone, timeNs, text) => {
  vi.stubEnv('TZ', zone)
  expect(formatLocalTime(timeNs, 'seconds')).toBe(text)
})

test.skipIf(!hasZones || lacks('pprof'))(
  'clock and zone are those of pprof, all over the world and the year',
  async () => {
    const zones = [
      'Africa/Casablanca',
      'Asia/Tehran',
      'America/St_Johns',
      'Pacific/Chatham',
      'Africa/Cairo',
    ]
    const folder = await temporaryDirectory()
    for (const zone of zones) {
      vi.stubEnv('TZ', zone)
      for (const month of [0n, 60n, 75n, 90n, 180n, 300n]) {
        const timeNs = TIME_NS + month * DAY_NS
        const file = join(folder, `${zone.replace('/', '-')}-${month}.pb.gz`)
        writeFileSync(
          file,
          gzipSync(encodeProfile({ ...profileFromFolded('main 1', CPU), timeNs })),
        )
        const { stdout } = spawnSync(find('pprof') ?? 'pprof', ['-raw', file], {
          env: { TZ: zone },
          encoding: 'utf8',
        })
        expect(stdout).toContain(`Time: ${formatLocalTime(timeNs, 'exact')}`)
      }
    }
  },
)

const CPU = { type: 'cpu', unit: 'nanoseconds' }
