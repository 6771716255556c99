// A decoder process that does what the uploaded text names: for tests of the code around it.
import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '../../api/errors.ts'
import { packReports } from '../../store/blobs.ts'
import type { AnalysisResult } from '../../store/index.ts'
import type { DecoderResults } from '../../worker/pool/decoder-task.ts'
import { readDecoderSettings } from '../../worker/pool/decoder-settings.ts'
import { openDecoderBlobs } from '../../worker/decoder/open-decoder-blobs.ts'
import { serveDecoder } from '../../worker/decoder/serve-decoder.ts'

const blobs = await openDecoderBlobs(readDecoderSettings(process.argv).blobs)

const EMPTY = { version: 1 as const, gc: null, inputs: [], findings: [], notes: [] }

/** By the word before the colon of what was uploaded; each is given what stands behind it. */
const DEEDS: Readonly<Record<string, (argument: string) => Promise<void> | void>> = {
  abort: () => process.abort(),
  exit: () => process.exit(3),
  throw: () => {
    throw new TypeError('a bug')
  },
  loop: () => {
    for (;;);
  },
  'eat heap': () => {
    const eaten = new Map<number, string[]>()
    for (let index = 0; ; index++) eaten.set(index, Array.from({ length: 1000 }, String))
  },
  'eat buffers': () => {
    const eaten: Uint8Array[] = []
    for (;;) eaten.push(new Uint8Array(16 * 1024 * 1024).fill(1))
  },
  refuse: () => {
    throw new AppError('PROFILE_INVALID', { details: { reason: 'varint', offsetBytes: 7 } })
  },
  'put off': () => {
    throw new AppError('STORAGE_FAILED')
  },
  'write a file and hang': (path) => {
    writeFileSync(path, '')
    return new Promise(() => setInterval(() => undefined, 1000))
  },
  async 'wait for a file'(path) {
    while (!existsSync(path)) await delay(20)
  },
}

const unused = () => Promise.reject(new TypeError('no test asks for this'))

serveDecoder({
  async analyse({ rawBlobKey }) {
    const text = Buffer.from((await blobs.get(rawBlobKey)) ?? []).toString()
    await act(text)
    return resultOf(await blobs.put(Buffer.from(`columns of ${text}`)))
  },
  async judge({ files: [file] }) {
    const text = Buffer.from((await blobs.get(file?.blobKey ?? '')) ?? []).toString()
    await act(text)
    return {
      reports: packReports({ en: { ...EMPTY, language: 'en' }, zh: { ...EMPTY, language: 'zh' } }),
      worstFinding: null,
      findingCount: 0,
      seen: { types: [], findings: [] },
      measured: null,
      component: null,
      kubernetesVersion: null,
      goVersion: null,
      processStartedAtMs: null,
      requests: null,
      previousCaptureId: null,
    }
  },
  async top() {
    const row = { name: String(process.pid), flat: 0, cum: 0, flatShare: 0, cumShare: 0 }
    return { sampleType: { type: 'cpu', unit: 'count' }, total: 0, rowCount: 1, rows: [row] }
  },
  trace: unused,
  flame: unused,
  columns: unused,
  peek: unused,
  tree: unused,
  graph: unused,
  tags: unused,
  svg: unused,
  traces: unused,
  png: unused,
  preview: unused,
  export: unused,
  compare: unused,
  merge: unused,
  mergeFile: unused,
  trend: unused,
  pack: unused,
  packNumbered: unused,
  rollUp: unused,
  rangeTop: unused,
  rangeFlame: unused,
  rangePeek: unused,
  rangeTree: unused,
  rangeGraph: unused,
  rangeRaw: unused,
  rangeColumns: unused,
  rangeSeries: unused,
  rangeMovers: unused,
})

async function act(text: string): Promise<void> {
  const [deed = '', argument = ''] = text.split(':')
  await DEEDS[deed]?.(argument)
}

function resultOf(columns: AnalysisResult['columns']): DecoderResults['analyse'] {
  return {
    columns,
    facts: {
      type: 'cpu',
      component: null,
      kubernetesVersion: null,
      goVersion: null,
      takenAtMs: null,
      durationSeconds: null,
      sampleCount: 0,
      sampleTypes: [],
      defaultSampleType: '',
      warnings: [],
    },
    reports: packReports({ en: { ...EMPTY, language: 'en' }, zh: { ...EMPTY, language: 'zh' } }),
    worstFinding: null,
    findingCount: 0,
    seen: { types: [], findings: [] },
    inflateRatio: 1,
    measured: null,
  }
}
