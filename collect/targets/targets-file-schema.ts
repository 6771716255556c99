import { Type, type Static } from 'typebox'
import { RESOURCE_NAME_PATTERN, ResourceName, TARGET_KINDS } from '../../api/index.ts'

/** A length of time, `30s`, `10m`, `1h30m`. */
const durationText = { pattern: '^([0-9]+(ms|s|m|h|d))+$', maxLength: 20 }
const Duration = Type.String({
  ...durationText,
  description: 'A length of time: 30s, 10m, 1h30m',
})

const closed = { additionalProperties: false }
const path = { minLength: 1, maxLength: 1000 }

export const ClusterEntry = Type.Object(
  {
    name: ResourceName,
    kubeconfig: Type.Optional(
      Type.Object(
        {
          path: Type.String({ ...path, description: 'The kubeconfig file' }),
          context: Type.Optional(
            Type.String({ minLength: 1, description: 'By default its current context' }),
          ),
          allowExec: Type.Optional(
            Type.Boolean({
              default: false,
              description: 'Whether credential plugins may run, which are arbitrary programs',
            }),
          ),
        },
        closed,
      ),
    ),
    inCluster: Type.Optional(
      Type.Boolean({ description: 'The cluster that kubeprof runs in, by its service account' }),
    ),
  },
  closed,
)
export type ClusterEntry = Static<typeof ClusterEntry>

const DiscoverNodes = Type.Object(
  {
    labelSelector: Type.Optional(Type.String({ maxLength: 1000 })),
    names: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 1000 })),
  },
  closed,
)

const DiscoverPods = Type.Object(
  {
    namespaces: Type.Array(ResourceName, { minItems: 1, maxItems: 100 }),
    labelSelector: Type.Optional(Type.String({ maxLength: 1000 })),
    annotations: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Only pods that opt in by `kubeprof.dev/scrape: "true"`',
      }),
    ),
  },
  closed,
)

export const TargetEntry = Type.Object(
  {
    name: ResourceName,
    kind: Type.Enum([...TARGET_KINDS], {
      description:
        'The component; `go` for any other Go program. It decides how processes are discovered',
    }),
    cluster: Type.Optional(
      Type.String({ maxLength: 63, description: 'The cluster of this file to discover it in' }),
    ),
    url: Type.Optional(
      Type.String({
        pattern: '^https?://',
        maxLength: 1000,
        description: 'One address instead: the URL before /debug/pprof/',
      }),
    ),
    socket: Type.Optional(Type.String({ ...path, description: 'A Unix socket instead' })),
    discover: Type.Optional(
      Type.Object(
        {
          nodes: Type.Optional(DiscoverNodes),
          pods: Type.Optional(DiscoverPods),
          limit: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 1000,
              default: 50,
              description: 'More processes than this are left out',
            }),
          ),
        },
        closed,
      ),
    ),
    reach: Type.Optional(
      Type.Enum(['instances', 'server', 'direct', 'port-forward', 'node-proxy'], {
        description:
          'kube-apiserver: `instances` or `server`, by default whichever works. Static pods: `port-forward` or ' +
          '`direct`. Pods: `direct` or `port-forward`. kubelet, where it is required: `node-proxy` or `direct`',
      }),
    ),
    only: Type.Optional(
      Type.Enum(['leader', 'all'], {
        description: 'Of controller managers and schedulers; the leader by default',
      }),
    ),
    namespace: Type.Optional(Type.String({ maxLength: 63, description: 'Of static pods' })),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
    scheme: Type.Optional(Type.Enum(['http', 'https'])),
    auth: Type.Optional(
      Type.Enum(['none', 'cluster'], {
        description:
          'Whether the credentials of the cluster are sent; by default only to its components',
      }),
    ),
    credentials: Type.Optional(
      Type.Object(
        {
          tokenFile: Type.Optional(Type.String(path)),
          username: Type.Optional(Type.String({ minLength: 1 })),
          passwordFile: Type.Optional(Type.String(path)),
          certFile: Type.Optional(Type.String(path)),
          keyFile: Type.Optional(Type.String(path)),
        },
        { ...closed, description: 'Files, which are read again when they change' },
      ),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          verify: Type.Optional(
            Type.Enum(['verify', 'skip'], {
              default: 'verify',
              description: '`skip`: anyone who answers in its place may get the credentials',
            }),
          ),
          caFile: Type.Optional(Type.String(path)),
          serverName: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
        },
        closed,
      ),
    ),
    concurrency: Type.Optional(
      Type.Object(
        {
          group: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1 })),
        },
        {
          ...closed,
          description: 'How many of its processes are captured at once; one by default',
        },
      ),
    ),
  },
  closed,
)
export type TargetEntry = Static<typeof TargetEntry>

const none = Type.Object({}, closed)

export const ProfileSetEntry = Type.Object(
  {
    cpu: Type.Optional(
      Type.Object(
        {
          seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 120, default: 10 })),
        },
        closed,
      ),
    ),
    heap: Type.Optional(
      Type.Object(
        {
          gc: Type.Optional(
            Type.Boolean({ default: false, description: 'Run a garbage collection first' }),
          ),
        },
        closed,
      ),
    ),
    trace: Type.Optional(
      Type.Object(
        { seconds: Type.Optional(Type.Number({ minimum: 0.1, maximum: 10, default: 1 })) },
        closed,
      ),
    ),
    allocs: Type.Optional(none),
    goroutine: Type.Optional(none),
    block: Type.Optional(none),
    mutex: Type.Optional(none),
    threadcreate: Type.Optional(none),
    goroutineleak: Type.Optional(
      Type.Object(
        {},
        { ...closed, description: 'Goroutines that nothing can wake, where Go offers it' },
      ),
    ),
    'goroutine-text': Type.Optional(
      Type.Object({}, { ...closed, description: 'Every stack as text: the process stops for it' }),
    ),
    metrics: Type.Optional(
      Type.Object({}, { ...closed, description: 'Before and after the profiles' }),
    ),
    version: Type.Optional(none),
    healthz: Type.Optional(none),
    statusz: Type.Optional(none),
    flagz: Type.Optional(none),
    verbosity: Type.Optional(
      Type.Object(
        {
          level: Type.Integer({ minimum: 1, maximum: 6 }),
          restoreTo: Type.Optional(
            Type.Integer({
              minimum: 0,
              maximum: 10,
              description:
                'The level that the process was started with (`--v`); by default read from its static pod',
            }),
          ),
        },
        { ...closed, description: "Raises klog's level for the time of the capture" },
      ),
    ),
  },
  closed,
)
export type ProfileSetEntry = Static<typeof ProfileSetEntry>

const targets = Type.Array(ResourceName, { minItems: 1, maxItems: 1000 })
const take = (usual: string) =>
  Type.Optional(
    Type.String({ maxLength: 63, default: usual, description: 'A set of `profileSets`' }),
  )

export const ScheduleEntry = Type.Object(
  {
    name: ResourceName,
    targets,
    every: Type.Optional(Duration),
    cron: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Instead of `every`' }),
    ),
    timezone: Type.Optional(
      Type.String({ maxLength: 100, default: 'UTC', description: 'Of `cron`' }),
    ),
    take: take('baseline'),
    overlap: Type.Optional(
      Type.Enum(['skip', 'queue'], {
        default: 'skip',
        description: 'When the previous capture still runs: skip, or keep one waiting',
      }),
    ),
    missed: Type.Optional(
      Type.Enum(['skip', 'run-once'], {
        default: 'skip',
        description: 'What happens to times at which no collector ran',
      }),
    ),
    jitter: Type.Optional(
      Type.String({
        pattern: '^(spread|none|([0-9]+(ms|s|m|h))+)$',
        default: 'spread',
        description:
          'How its processes are spread over time, each always at the same place: `spread` over the whole interval ' +
          '(with cron over a minute), `none`, or a length of time',
      }),
    ),
  },
  closed,
)
export type ScheduleEntry = Static<typeof ScheduleEntry>

export const TriggerEntry = Type.Object(
  {
    name: ResourceName,
    alert: Type.Record(
      Type.String({ pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$' }),
      Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 100 })]),
      { description: 'Labels of the alert that must all match: one value, or a list of values' },
    ),
    targets,
    matchInstance: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Whether the label `instance` narrows to the process that it names',
      }),
    ),
    take: take('incident'),
    cooldown: Type.Optional(
      Type.String({
        ...durationText,
        default: '15m',
        description: 'How long it does not capture the same process again',
      }),
    ),
  },
  closed,
)
export type TriggerEntry = Static<typeof TriggerEntry>

export const NetworkEntry = Type.Object(
  {
    allow: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 100,
        description: 'Further address ranges that targets may be in: 10.0.0.0/8',
      }),
    ),
  },
  closed,
)
export type NetworkEntry = Static<typeof NetworkEntry>

/** The whole file; every part may be absent. */
export const TargetsFile = Type.Object(
  {
    clusters: Type.Optional(Type.Array(ClusterEntry, { maxItems: 100 })),
    targets: Type.Optional(Type.Array(TargetEntry, { maxItems: 2000 })),
    profileSets: Type.Optional(
      Type.Record(Type.String({ pattern: RESOURCE_NAME_PATTERN }), ProfileSetEntry),
    ),
    schedules: Type.Optional(Type.Array(ScheduleEntry, { maxItems: 200 })),
    triggers: Type.Optional(Type.Array(TriggerEntry, { maxItems: 200 })),
    network: Type.Optional(NetworkEntry),
  },
  closed,
)
export type TargetsFile = Static<typeof TargetsFile>
