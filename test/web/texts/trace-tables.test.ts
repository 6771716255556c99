import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { TraceReply } from '../../../api/index.ts'
import { TraceTables } from '../../../web/captures/TraceTables.tsx'

const NO_TIMES = { count: 0, totalNs: 0, p50Ns: 0, p99Ns: 0, maxNs: 0 }

function traceWith(inconsistency: string | null): TraceReply {
  return {
    fileName: 'trace.out',
    inconsistency,
    goVersion: '1.26',
    durationNs: 1e9,
    eventCount: 10,
    procs: 4,
    goroutineCount: 2,
    states: { running: 1e9, runnable: 0, syscall: 0, waiting: 0 },
    waits: [],
    scheduling: { ...NO_TIMES, longest: [] },
    syscalls: { ...NO_TIMES, longest: [] },
    gc: { windows: [], totalNs: 0, assistNs: 0, heapBytesMax: null },
    stops: { ...NO_TIMES, reasons: {} },
  }
}

const pageOf = (inconsistency: string | null) =>
  renderToStaticMarkup(createElement(TraceTables, { trace: traceWith(inconsistency) }))

test('an inconsistent execution trace has a warning with the contradiction', () => {
  const fault = 'thread 0 has no processor where event 7 needs one'
  expect(pageOf(fault)).toMatch(new RegExp(`role="alert">The trace is inconsistent, .*${fault}`))
})

test('a consistent execution trace has no warning', () => {
  expect(pageOf(null)).not.toContain('alert')
})
