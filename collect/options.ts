import { Type, type Static } from 'typebox'

const MIB = 1024 * 1024

export const CollectOptions = Type.Object(
  {
    uploadBytesMax: Type.Integer({
      default: 64 * MIB,
      minimum: 1024,
      description: 'The largest upload, and the largest part of a capture, as sent.',
    }),
    uploadsInFlightMax: Type.Integer({
      default: 256,
      minimum: 1,
      description:
        'How many uploads may be under way at once. They are shared among callers: one alone may have half of them.',
    }),
    uploadBytesInFlightMax: Type.Integer({
      default: 256 * MIB,
      minimum: 1024,
      description:
        'How large the uploads under way may be together, shared among callers in the same way.',
    }),
    bundleBytesMax: Type.Integer({
      default: 256 * MIB,
      minimum: 1024,
      description: 'The largest bundle of a capture, as sent.',
    }),
    bundleInflatedBytesMax: Type.Integer({
      default: 1024 * MIB,
      minimum: 1024,
      description: 'The largest bundle once its outer gzip is inflated.',
    }),
    bundleRatioMax: Type.Integer({
      default: 100,
      minimum: 1,
      description:
        'The largest ratio of inflated to sent size of a bundle, checked from 16 MiB on.',
    }),
    bundleFilesMax: Type.Integer({
      default: 200,
      minimum: 1,
      maximum: 10_000,
      description: 'How many files a bundle may hold.',
    }),
    bundleMsMax: Type.Integer({
      default: 120_000,
      minimum: 1000,
      description: 'A bundle must have arrived whole after this time.',
    }),
    bundlesInFlightMax: Type.Integer({
      default: 8,
      minimum: 1,
      description:
        'How many bundles may be under way at once, shared among callers in the same way.',
    }),
    targetsFile: Type.String({
      default: '',
      description: 'The YAML file that says what is captured and when; see docs/targets.md.',
    }),
    targetsFileBytesMax: Type.Integer({
      default: MIB,
      minimum: 1024,
      description: 'The largest targets file.',
    }),
    targetsFilePollMs: Type.Integer({
      default: 10_000,
      minimum: 100,
      description: 'How often a collector checks whether the targets file has changed.',
    }),
    serviceAccountFolder: Type.String({
      default: '/var/run/secrets/kubernetes.io/serviceaccount',
      minLength: 1,
      description:
        'The folder of `token` and `ca.crt` of the cluster that kubeprof runs in; they are read again when they change.',
    }),
    capturesMax: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 1000,
      description: 'How many captures one collector takes at once.',
    }),
    capturesPerClusterMax: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 1000,
      description: 'How many processes of one cluster are captured at once, by all collectors.',
    }),
    cpuShareMax: Type.Number({
      default: 0.1,
      minimum: 0.001,
      maximum: 1,
      description:
        'The share of any hour that schedules and alerts may profile the CPU of a process: 0.1 is six minutes.',
    }),
    intervalMsMin: Type.Integer({
      default: 30_000,
      minimum: 100,
      description: 'The shortest interval of a schedule.',
    }),
    discoverMs: Type.Integer({
      default: 60_000,
      minimum: 100,
      description: 'How often the processes of a target are discovered.',
    }),
    alertCapturesMax: Type.Integer({
      default: 10,
      minimum: 1,
      maximum: 1000,
      description: 'How many captures one request of an Alertmanager may start.',
    }),
    metricsListen: Type.String({
      default: '',
      pattern: '^(.+:[0-9]{1,5})?$',
      description:
        'The address where `kubeprof collect` serves /metrics, /healthz and /readyz: `0.0.0.0:9464`; none by default. `serve` serves them at its own port.',
    }),
    metricsByTarget: Type.Boolean({
      default: false,
      description:
        'Whether /metrics says when a capture of each target last ended well: one series for each target.',
    }),
    tickMs: Type.Integer({
      default: 1000,
      minimum: 20,
      description: 'How often a collector polls the database for work.',
    }),
    leaseMs: Type.Integer({
      default: 30_000,
      minimum: 500,
      description:
        'A collector without a heartbeat for this long is considered dead, and its captures are ended.',
    }),
    stopMs: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 600_000,
      description: 'How long captures under way may take to end when a collector stops.',
    }),
  },
  { additionalProperties: false },
)
export type CollectOptions = Static<typeof CollectOptions>

/** The settings of the upload receivers. */
export type ReceiveOptions = Pick<
  CollectOptions,
  | 'uploadBytesMax'
  | 'uploadsInFlightMax'
  | 'uploadBytesInFlightMax'
  | 'bundleBytesMax'
  | 'bundleInflatedBytesMax'
  | 'bundleRatioMax'
  | 'bundleFilesMax'
  | 'bundleMsMax'
  | 'bundlesInFlightMax'
>
