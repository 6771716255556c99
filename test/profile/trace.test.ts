import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { assert, constantFrom, integer, nat, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProfileFormatError, summariseTrace } from '../../profile/index.ts'

const folder = new URL('../fixtures/traces/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.out.gz'))
const traces = names.map((name) => gunzipSync(readFileSync(new URL(name, folder))))
const [smallest = new Uint8Array()] = traces

interface ExpectedSummary {
  readonly goroutines: number
  readonly running: number
  readonly runnable: number
  readonly syscall: number
  readonly waiting: number
  readonly collections: number
  readonly waits: Readonly<Record<string, number>>
}
const summaries: Readonly<Record<string, ExpectedSummary>> = JSON.parse(
  readFileSync(new URL('go-tool-trace.json', folder), 'utf8'),
)

/** Go moves an event by a nanosecond where two happened at once. */
const NEARLY_NS = 200

describe.each(names)('%s', (name) => {
  const summary = summariseTrace(traces[names.indexOf(name)] ?? smallest)
  const expected = summaries[name]

  test('goroutines are in each state as long as go tool trace has them there', () => {
    expect(summary.goroutineCount).toBe(expected?.goroutines)
    for (const state of ['running', 'runnable', 'syscall', 'waiting'] as const) {
      expect(Math.abs(summary.states[state] - (expected?.[state] ?? 0))).toBeLessThan(NEARLY_NS)
    }
  })

  test('they wait as long for each reason', () => {
    for (const { reason, totalNs } of summary.waits) {
      expect(Math.abs(totalNs - (expected?.waits[reason] ?? 0))).toBeLessThan(NEARLY_NS)
    }
  })

  test('garbage is collected as often', () => {
    expect(summary.gc.windows).toHaveLength(expected?.collections ?? 0)
  })
})

test('the longest stretches name goroutine, time and the stack that goes on', () => {
  const { durationNs, scheduling, syscalls, stops, procs, gc } = summariseTrace(
    traceNamed('go126-mixed'),
  )
  const durations = scheduling.longest.map((stretch) => stretch.durationNs)
  expect(durations).toEqual([...durations].sort((a, b) => b - a))
  expect(durations[0]).toBe(scheduling.maxNs)
  expect(scheduling.p50Ns).toBeLessThanOrEqual(scheduling.p99Ns)
  expect(syscalls.longest.map(({ func }) => func)).toContain('main.main.func1')
  expect(syscalls.longest.flatMap(({ stack }) => stack)).toContain('syscall.read')
  expect(stops.count).toBeGreaterThan(0)
  expect(procs).toBe(2)
  expect(gc.totalNs).toBeLessThanOrEqual(durationNs)
  expect(gc.heapBytesMax).toBeGreaterThan(1_000_000)
})

test.each([
  ['not a trace', 'this is not a Go execution trace'],
  [
    'go 1.21 trace\0\0\0',
    'this is an execution trace of Go 1.21, and those of 1.22 to 1.26 can be read',
  ],
  ['go 1.26 trace\0\0\0\u0007', 'a batch was expected, and event 7 is there (at byte 16)'],
])('%j is refused: %s', (text, message) => {
  expect(() => summariseTrace(new TextEncoder().encode(text))).toThrow(message)
})

test('a truncated trace is summarised from its complete generations, or refused with the reason', () => {
  const trace = traceNamed('go122-gc-stress')
  assert(
    property(nat(trace.length), (end) => {
      expectSummaryOrFault(trace.subarray(0, end))
    }),
    { numRuns: 50 },
  )
})

test('damaged bytes give a summary or a fault, whatever they are', () => {
  assert(
    property(constantFrom(...traces), nat(), integer({ min: 0, max: 255 }), (trace, at, byte) => {
      const damaged = Uint8Array.from(trace)
      damaged[at % damaged.length] = byte
      expectSummaryOrFault(damaged)
    }),
    { numRuns: 150 },
  )
})

function traceNamed(name: string): Uint8Array {
  return traces[names.indexOf(`${name}.out.gz`)] ?? smallest
}

function expectSummaryOrFault(bytes: Uint8Array): void {
  try {
    const { states, durationNs } = summariseTrace(bytes)
    expect(durationNs).toBeGreaterThanOrEqual(0)
    for (const totalNs of Object.values(states)) expect(totalNs).toBeGreaterThanOrEqual(0)
  } catch (error) {
    if (!(error instanceof ProfileFormatError)) throw error
  }
}

test.each(names)('%s, which Go reads, contradicts itself nowhere', (name) => {
  expect(summariseTrace(traces[names.indexOf(name)] ?? smallest).inconsistency).toBeNull()
})

/** Traces of internal/trace/testdata/generators in Go 1.26.8 (BSD-3-Clause), which its reader refuses. */
test.each([
  [
    'go122-create-syscall-with-p',
    'Z28gMS4yMiB0cmFjZQAAAAEBAAAiDwEEDQEAAgoBAAEYARABBAEWAQIAEgEPAQQXARYBAwASAQEB////////////AQAFCKjWuQcBAf///////////wEAAQIBAf///////////wEAAQQ=',
  ],
  ['go122-fail-first-gen-first', 'Z28gMS4yMiB0cmFjZQAAAAEBAAAFCKjWuQcBAQAABQ4AAQAAAQIAADI='],
])('%s is inconsistent, as for Go', (_, base64) => {
  const { inconsistency } = summariseTrace(Buffer.from(base64, 'base64'))
  expect(inconsistency).toMatch(/^thread 0 has no processor where event \d+ needs one$/)
})
