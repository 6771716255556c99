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
      default: 64,
      minimum: 1,
      description: 'How many uploads may be under way at once.',
    }),
    uploadBytesInFlightMax: Type.Integer({
      default: 256 * MIB,
      minimum: 1024,
      description: 'How large the uploads under way may be together.',
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
      description: 'A bundle of over 16 MiB that inflates to more times its size is refused.',
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
      description: 'How many bundles may be under way at once.',
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
      description: 'How often a collector looks whether the targets file has changed.',
    }),
    serviceAccountFolder: Type.String({
      default: '/var/run/secrets/kubernetes.io/serviceaccount',
      minLength: 1,
      description:
        'Where `token` and `ca.crt` lie of the cluster that kubeprof runs in; they are read again when they change.',
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
        'How much of any hour schedules and alerts may have a process under CPU profiling: 0.1 is six minutes.',
    }),
    intervalMsMin: Type.Integer({
      default: 30_000,
      minimum: 100,
      description: 'The shortest interval of a schedule.',
    }),
    discoverMs: Type.Integer({
      default: 60_000,
      minimum: 100,
      description: 'How often the processes of a target are looked for.',
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
        'Where `kubeprof collect` shows /metrics, and answers /healthz and /readyz: `0.0.0.0:9464`; nowhere by default. `serve` does it at its own port.',
    }),
    tickMs: Type.Integer({
      default: 1000,
      minimum: 20,
      description: 'How often a collector asks the database what is to be done.',
    }),
    leaseMs: Type.Integer({
      default: 30_000,
      minimum: 500,
      description:
        'After this long without a sign of life a collector is taken for dead, and its captures are ended.',
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

/** The settings of what receives uploads. */
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
