import { AppError } from '../../api/errors.ts'
import type { CaptureKind, ErrorCode } from '../../api/index.ts'
import { METRIC_NAMES } from './metric-names.ts'

/** What is taken of one process, in the order of `parts`. */
export interface CapturePlan {
  readonly parts: readonly PlannedPart[]
  /** Names of the metrics that are kept; a whole page is ten times as large. */
  readonly metricNames: ReadonlySet<string>
  /** Null leaves the log level unchanged. */
  readonly verbosity: VerbosityPlan | null
}

export interface PlannedPart {
  readonly kind: CaptureKind
  /** Its name in a folder, a bundle and the store: `cpu.pb.gz`. */
  readonly fileName: string
  /** If `isOfPprof`, relative to the pprof prefix, `/heap?gc=1`; else to the root of the process, `/metrics`. */
  readonly path: string
  readonly isOfPprof: boolean
  /** How long the process is measured; null for an immediate snapshot. */
  readonly seconds: number | null
  readonly headersMsMax: number
  readonly wholeMsMax: number
  readonly bytesMax: number
  /** Failures that are only noted: the process may lack this part, or be too slow to send it. */
  readonly skippedOn: readonly ErrorCode[]
  /** Few processes offer it: it is listed only where it was taken or failed. */
  readonly isRare: boolean
}

/** Raise klog's level to `level` while the capture is taken, then set it to `restoreTo`. */
export interface VerbosityPlan {
  readonly level: number
  /** The level that the process was started with, `--v`; null to ask `CaptureNeeds.readVerbosity`. */
  readonly restoreTo: number | null
}

export interface PlanOptions {
  /** Of the CPU profile: a whole number. */
  readonly seconds: number
  /** Null for the usual ones of the component. */
  readonly kinds: readonly CaptureKind[] | null
  /** Of the execution trace. */
  readonly traceSeconds?: number
  /** Runs a garbage collection before the heap profile: it then shows live memory, at the cost of a collection. */
  readonly collectsGarbage?: boolean
  /**
   * Measures allocs, block and mutex for this many seconds each. Without it they count since the process started, and
   * an earlier capture is subtracted.
   */
  readonly deltaSeconds?: number | null
  readonly verbosity?: VerbosityPlan | null
  /** Of a profile, a trace or a text, as sent; by default 64 MiB for a profile and 256 MiB for the others. */
  readonly bytesMax?: number
}

export const CPU_SECONDS_MAX = 120
/** client-go logs headers from 7 on, and bodies from 8 on. */
export const VERBOSITY_MAX = 7
const TRACE_SECONDS_MAX = 10
const TRACE_SECONDS = 1

const MIB = 1024 ** 2

/**
 * CPU comes first, because the incident may be over soon; only a page of metrics, for rates, comes before it, within a
 * short limit. The other parts are ordered so that each disturbs the later ones as little as possible.
 */
const ORDER = [
  'metrics-before',
  'cpu',
  'goroutine',
  'metrics',
  'heap',
  // Collects garbage to find goroutines that nothing can wake.
  'goroutineleak',
  'allocs',
  'block',
  'mutex',
  'threadcreate',
  'version',
  'healthz',
  'statusz',
  'flagz',
  'trace',
  // Stops the process while it is written.
  'goroutine-text',
] as const

const USUAL: readonly CaptureKind[] = [
  'metrics',
  'goroutine',
  'goroutineleak',
  'heap',
  'cpu',
  'block',
  'version',
]
/**
 * Kubernetes components offer these from v1.32 on, where the feature gates are enabled.
 * https://kubernetes.io/docs/reference/instrumentation/zpages/
 */
const ZPAGES: readonly CaptureKind[] = ['statusz', 'flagz']
const HAS_ZPAGES = /^kube/

/** The errors that mean that the process does not offer a part. */
const ABSENT: readonly ErrorCode[] = [
  'PROFILE_KIND_UNKNOWN',
  'TARGET_RESPONSE_INVALID',
  'TARGET_PROFILING_DISABLED',
]
/** A part that few processes offer is left out without the right to it, too. */
const RARE: readonly ErrorCode[] = [...ABSENT, 'TARGET_FORBIDDEN', 'TARGET_UNAUTHENTICATED']
/** A busy server may take half a minute for its metrics, and by then the incident may be over. */
const METRICS_BEFORE_MS_MAX = 3000
const METRICS_MS_MAX = 15_000

/** Only these ever enable mutex profiling; in Kubernetes' own components the mutex profile is always empty. */
const HAS_MUTEX = /^(?:etcd|go)$/

/**
 * What to take of a process of this component; null stands for any Go program. Throws REQUEST_INVALID for seconds that
 * are not whole: Go ignores 7.5 and measures 30.
 */
export function planCapture(component: string | null, options: PlanOptions): CapturePlan {
  const { seconds, deltaSeconds = null, traceSeconds = TRACE_SECONDS } = options
  checkSeconds('seconds', seconds)
  if (deltaSeconds !== null) checkSeconds('deltaSeconds', deltaSeconds)
  if (!(traceSeconds > 0 && traceSeconds <= TRACE_SECONDS_MAX)) {
    throw invalid(`traceSeconds is ${traceSeconds}, and must be at most ${TRACE_SECONDS_MAX}.`)
  }
  checkVerbosity(options.verbosity ?? null)
  const usual: readonly CaptureKind[] = [
    ...USUAL,
    ...(HAS_MUTEX.test(component ?? 'go') ? (['mutex'] as const) : []),
    ...(HAS_ZPAGES.test(component ?? 'go') ? ZPAGES : []),
  ]
  const kinds = new Set<string>(options.kinds ?? usual)
  if (kinds.size === 0) throw invalid('There is nothing to take.')
  // Rates need a page before and one after.
  if (kinds.has('metrics') && kinds.has('cpu')) kinds.add('metrics-before')
  const isUsual = options.kinds === null
  return {
    parts: ORDER.filter((name) => kinds.has(name))
      .map((name) => planPart(name, { ...options, deltaSeconds, traceSeconds, isUsual }))
      .map((part) => bounded(part, options.bytesMax ?? null)),
    metricNames: METRIC_NAMES,
    verbosity: options.verbosity ?? null,
  }
}

/** Only a few of the metrics are kept, so a page may be larger than what is stored. */
function bounded(part: PlannedPart, bytesMax: number | null): PlannedPart {
  return bytesMax === null || !part.isOfPprof ? part : { ...part, bytesMax }
}

type PartName = (typeof ORDER)[number]

interface PartOptions extends PlanOptions {
  readonly deltaSeconds: number | null
  readonly traceSeconds: number
  readonly isUsual: boolean
}

function planPart(name: PartName, options: PartOptions): PlannedPart {
  const { deltaSeconds, isUsual } = options
  const delta = deltaSeconds === null ? '' : `?seconds=${deltaSeconds}`
  switch (name) {
    case 'cpu':
      return profile(name, `?seconds=${options.seconds}`, options.seconds)
    case 'heap':
      return profile(name, options.collectsGarbage === true ? '?gc=1' : '')
    case 'allocs':
    case 'block':
    case 'mutex':
      return { ...profile(name, delta, deltaSeconds), skippedOn: isUsual ? ABSENT : [] }
    case 'goroutineleak':
      return { ...profile(name, ''), skippedOn: isUsual ? RARE : [], isRare: isUsual }
    case 'trace': {
      const { traceSeconds: seconds } = options
      const path = `/trace?seconds=${seconds}`
      return part({ kind: name, fileName: 'trace.out', path, seconds, bytesMax: 256 * MIB })
    }
    case 'goroutine-text':
      return part({
        kind: name,
        fileName: 'goroutine-debug2.txt.gz',
        path: `/goroutine?debug=2`,
        bytesMax: 256 * MIB,
      })
    case 'metrics-before':
      return {
        ...metrics(name),
        headersMsMax: METRICS_BEFORE_MS_MAX,
        wholeMsMax: METRICS_BEFORE_MS_MAX,
        skippedOn: [...ABSENT, 'TARGET_TIMEOUT'],
      }
    case 'metrics':
      return { ...metrics(name), headersMsMax: METRICS_MS_MAX, wholeMsMax: 2 * METRICS_MS_MAX }
    case 'version':
      return plain(name, 'version.json', '/version')
    case 'healthz':
      return plain(name, 'healthz.txt', '/healthz')
    case 'statusz':
    case 'flagz':
      return {
        ...plain(name, `${name}.txt`, `/${name}`),
        skippedOn: isUsual ? RARE : [],
        isRare: isUsual,
      }
    default:
      return profile(name, '')
  }
}

function profile(kind: CaptureKind, query: string, seconds: number | null = null): PlannedPart {
  const name = kind === 'cpu' ? 'profile' : kind
  return part({ kind, fileName: `${kind}.pb.gz`, path: `/${name}${query}`, seconds })
}

function metrics(name: 'metrics-before' | 'metrics'): PlannedPart {
  return { ...plain('metrics', `${name}.txt.gz`, '/metrics'), bytesMax: 128 * MIB }
}

function plain(kind: CaptureKind, fileName: string, path: string): PlannedPart {
  return { ...part({ kind, fileName, path, bytesMax: MIB }), isOfPprof: false, skippedOn: ABSENT }
}

interface PartParts {
  readonly kind: CaptureKind
  readonly fileName: string
  readonly path: string
  readonly seconds?: number | null
  readonly bytesMax?: number
}

function part({ seconds = null, bytesMax = 64 * MIB, ...named }: PartParts): PlannedPart {
  const measuredMs = (seconds ?? 0) * 1000
  return {
    ...named,
    isOfPprof: true,
    seconds,
    // The first byte of a measured profile comes when the measurement is over.
    headersMsMax: measuredMs + (seconds === null ? 30_000 : 15_000),
    wholeMsMax: measuredMs + 60_000,
    bytesMax,
    skippedOn: [],
    isRare: false,
  }
}

function checkSeconds(name: string, seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= CPU_SECONDS_MAX) return
  throw invalid(`${name} is ${seconds}, and must be a whole number from 1 to ${CPU_SECONDS_MAX}.`)
}

function checkVerbosity(plan: VerbosityPlan | null): void {
  if (plan === null) return
  const { level, restoreTo } = plan
  if (!Number.isInteger(level) || level < 0 || level > VERBOSITY_MAX) {
    throw invalid(
      `The log level is ${level}, and must be from 0 to ${VERBOSITY_MAX}: from 8 on the log gets what requests carry, secrets among it.`,
    )
  }
  if (restoreTo === null || (Number.isInteger(restoreTo) && restoreTo >= 0)) return
  throw new AppError('VERBOSITY_UNKNOWN')
}

function invalid(message: string): AppError {
  return new AppError('REQUEST_INVALID', { message })
}
