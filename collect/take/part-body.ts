import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { AppError } from '../../api/errors.ts'
import type { CaptureKind } from '../../api/index.ts'
import { oneLine } from '../reach/net/status-message.ts'
import type { ProcessAnswer } from '../reach/process-connection.ts'
import type { PlannedPart } from './capture-plan.ts'
import { filterMetrics, type MetricsFacts } from './filter-metrics.ts'
import { isEmptyProfile, SMALL_BYTES_MAX } from './is-empty-profile.ts'

/** Facts about the process that the body reveals. */
export type PartFacts = MetricsFacts

export interface BodyNeeds {
  readonly part: PlannedPart
  /** The requested path, without the query. */
  readonly path: string
  /** Begins a sentence. */
  readonly who: string
  readonly component: string | null
  readonly metricNames: ReadonlySet<string>
  readonly facts: PartFacts
  /** Receives the note for the reader when the body has been read. */
  readonly found: { note: string | null }
}

/** The body of an answer, as it is stored. Throws PROFILE_INVALID where it is not what was requested. */
export function partBody(answer: ProcessAnswer, needs: BodyNeeds): AsyncIterable<Uint8Array> {
  const { kind } = needs.part
  const body = checked(answer, needs)
  if (kind === 'metrics') return gzipped(filterMetrics(body, needs.metricNames, needs.facts))
  if (kind === 'goroutine-text') return gzipped(body)
  if (kind === 'version') return readingVersion(body, needs.facts)
  return kind === 'block' || kind === 'mutex' ? notingEmpty(body, needs) : body
}

const HEAD_BYTES = 512

async function* checked(
  { headers, body }: ProcessAnswer,
  { part, path, who }: BodyNeeds,
): AsyncGenerator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0)
  const check = (bytes: Buffer) => {
    const fault = faultOf(part, bytes, headers['content-type'] ?? '')
    if (fault === null) return
    throw new AppError('PROFILE_INVALID', { message: `${who} answered ${path} with ${fault}.` })
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw new AppError('PROFILE_INVALID', {
      message: `${who} answered in the encoding ${oneLine(headers['content-encoding'])}, unasked.`,
    })
  }
  for await (const chunk of body) {
    if (head === null) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < HEAD_BYTES) continue
    check(head)
    yield head
    head = null
  }
  if (head === null) return
  check(head)
  yield head
}

/** What these first bytes are instead of the requested kind; null where they may be of that kind. */
function faultOf({ kind, isOfPprof }: PlannedPart, head: Buffer, type: string): string | null {
  const text = head.toString('latin1')
  if (/^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text) || type.startsWith('text/html')) {
    return 'a web page: a login page or a proxy answers in its place'
  }
  if (!isOfPprof) return null
  if (head.length === 0) return 'nothing'
  if (kind === 'trace')
    return text.startsWith('go 1.') ? null : 'something other than a Go execution trace'
  if (kind === 'goroutine-text') return /^goroutine \d+/.test(text) ? null : 'no goroutines'
  // Go always compresses profiles.
  return head[0] === 0x1f && head[1] === 0x8b ? null : 'something other than a profile'
}

async function* gzipped(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip()
  const ended = pipeline(Readable.from(body), gzip)
  // The reading below throws the error.
  ended.catch(() => {})
  yield* gzip
}

async function* readingVersion(
  body: AsyncIterable<Uint8Array>,
  facts: PartFacts,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) {
    chunks.push(chunk)
    yield chunk
  }
  const text = Buffer.concat(chunks).toString()
  facts.kubernetesVersion ??= textIn(text, 'gitVersion')
  facts.goVersion ??= textIn(text, 'goVersion')
}

function textIn(json: string, key: string): string | null {
  const [, value = null] = new RegExp(`"${key}":\\s*"([\\w.+-]{1,100})"`).exec(json) ?? []
  return value
}

async function* notingEmpty(
  body: AsyncIterable<Uint8Array>,
  { part, component, found }: BodyNeeds,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of body) {
    sizeBytes += chunk.length
    if (sizeBytes <= SMALL_BYTES_MAX) chunks.push(chunk)
    yield chunk
  }
  if (sizeBytes > SMALL_BYTES_MAX || !isEmptyProfile(Buffer.concat(chunks))) return
  found.note = emptyNote(part.kind, component)
}

/** Explains that an empty profile does not mean that there is no contention. */
function emptyNote(kind: CaptureKind, component: string | null): string {
  if (component === null || component === 'go') {
    const call = kind === 'mutex' ? 'SetMutexProfileFraction' : 'SetBlockProfileRate'
    return `It is empty: the program does not call runtime.${call}, or nothing has waited.`
  }
  return kind === 'mutex'
    ? 'It is empty: this process does not profile mutexes, as no part of Kubernetes but etcd does. That says nothing about contention.'
    : 'It is empty: block profiling is off (--contention-profiling, enableContentionProfiling), or nothing has waited.'
}
