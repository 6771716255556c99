import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'

/**
 * The metrics of the server. No label comes from user data, so the number of series stays small.
 */
export interface Metrics {
  readonly countRequest: (request: {
    readonly route: string
    readonly method: string
    readonly status: number
    readonly durationMs: number
  }) => void
  readonly countUpload: (result: 'stored' | 'duplicate' | 'refused', sizeBytes: number) => void
  readonly countAuthFailure: (mode: 'bearer' | 'sign-in') => void
  readonly countRateLimited: (limit: string) => void
  readonly countLinkRequest: (result: 'opened' | 'unknown' | 'gone') => void
  /** Prometheus' text format. */
  readonly text: () => Promise<string>
  readonly contentType: string
}

export function makeMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long requests took, by route',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers,
  })
  const uploads = new Counter({
    name: 'kubeprof_uploads_total',
    help: 'Uploaded profiles, by result',
    labelNames: ['result'],
    registers,
  })
  const uploadBytes = new Counter({
    name: 'kubeprof_upload_bytes_total',
    help: 'Bytes of stored uploads',
    registers,
  })
  const authFailures = new Counter({
    name: 'kubeprof_auth_failures_total',
    help: 'Requests with a wrong token, by the way it was sent',
    labelNames: ['mode'],
    registers,
  })
  const rateLimited = new Counter({
    name: 'kubeprof_rate_limited_total',
    help: 'Requests that a rate limit refused, by limit',
    labelNames: ['limit'],
    registers,
  })
  const linkRequests = new Counter({
    name: 'kubeprof_link_requests_total',
    help: 'Requests of shared links, by what became of them',
    labelNames: ['result'],
    registers,
  })
  return {
    countLinkRequest: (result) => linkRequests.inc({ result }),
    countAuthFailure: (mode) => authFailures.inc({ mode }),
    countRateLimited: (limit) => rateLimited.inc({ limit }),
    countRequest: ({ route, method, status, durationMs }) =>
      requests.observe({ route, method, status }, durationMs / 1000),
    countUpload: (result, sizeBytes) => {
      uploads.inc({ result })
      if (result === 'stored') uploadBytes.inc(sizeBytes)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
