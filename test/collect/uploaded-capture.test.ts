import { describe, expect, test } from 'vitest'
import { readBundleFacts } from '../../collect/receive/bundle-facts.ts'
import { uploadedCapture } from '../../collect/receive/uploaded-capture.ts'

/** The times of a capture of which its capture.json and its uploader say these. */
function timesOf(manifest: object, takenAtMs: number | null) {
  const source = {
    origin: 'upload' as const,
    target: null,
    component: null,
    instance: null,
    cluster: null,
    note: null,
    labels: [],
    takenAtMs,
  }
  const facts = readBundleFacts(JSON.stringify(manifest))
  const { startedAtMs, finishedAtMs } = uploadedCapture(source, facts, [])
  return { startedAtMs, finishedAtMs, ignored: facts.ignored }
}

const NOON = Date.UTC(2026, 10, 30, 12)

describe('a capture that its uploader dates', () => {
  test('ends as long after its begin as capture.json says', () => {
    const manifest = { startedAt: '2026-10-01T00:00:00Z', finishedAt: '2026-10-01T00:01:00Z' }
    expect(timesOf(manifest, NOON)).toMatchObject({
      startedAtMs: NOON,
      finishedAtMs: NOON + 60_000,
    })
  })

  test('has no end where capture.json has no begin', () => {
    const manifest = { finishedAt: '2026-10-01T00:01:00Z' }
    expect(timesOf(manifest, NOON)).toMatchObject({ startedAtMs: NOON, finishedAtMs: null })
  })
})

test('a capture that its uploader does not date has the times of capture.json', () => {
  const manifest = { startedAt: '2026-11-30T13:00:00+01:00', finishedAt: '2026-11-30T12:01:00Z' }
  expect(timesOf(manifest, null)).toMatchObject({
    startedAtMs: NOON,
    finishedAtMs: NOON + 60_000,
    ignored: [],
  })
})

test.each(['2026-11-30', '2026-11-30T12:00:00', 'Nov 30 2026', '2026-02-30T12:00:00Z'])(
  'a time without its zone, or that is none, is not read: %s',
  (startedAt) => {
    expect(timesOf({ startedAt }, null)).toMatchObject({
      startedAtMs: null,
      ignored: [{ name: 'startedAt', what: 'no time in RFC 3339' }],
    })
  },
)
