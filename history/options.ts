import { type Static, Type } from 'typebox'

const MIB = 1024 * 1024

/** Of `kind: clickhouse`. */
const CLICKHOUSE_OPTIONS = {
  clickhouseUrl: Type.String({
    writeOnly: true,
    default: '',
    description:
      'Address of the ClickHouse database, such as `https://kubeprof@clickhouse:8443/kubeprof`. Give it as a file where it holds a password.',
  }),
  clickhouseProfilesMax: Type.Integer({
    default: 200_000,
    minimum: 1,
    description: 'How many profiles one range may have; a larger range is refused.',
  }),
  clickhouseStatementMsMax: Type.Integer({
    default: 30_000,
    minimum: 100,
    maximum: 600_000,
    description: 'The longest that ClickHouse may take for one statement.',
  }),
  clickhouseCluster: Type.String({
    default: '',
    pattern: '^[\\w-]*$',
    description:
      'Name of a cluster in the configuration of ClickHouse: tables are replicated and spread over its shards.',
  }),
  clickhouseStoragePolicy: Type.String({
    default: '',
    pattern: '^[\\w-]*$',
    description: 'Storage policy of the tables when they are made; empty for that of the server.',
  }),
  clickhouseColdDays: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 36_500,
    description:
      'After so many days rows move to the volume `cold` of the storage policy; 0 leaves them where they are.',
  }),
  clickhouseFineDays: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 36_500,
    description:
      'Roll-ups of 5 minutes are deleted after so many days; 0 keeps them as long as the rest. Answers stay the same and take longer.',
  }),
} as const
const MONTHS = 'Sums of days, which lie in blocks of months'
const HOURS = 'Sums of hours'
const PROFILES = 'Single profiles in history, whose files have a retention of their own,'

function daysKept(what: string) {
  return Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 36_500,
    description: `${what} are deleted when older than this many days; 0 keeps them.`,
  })
}

function bytesKept(what: string) {
  return Type.Integer({
    default: 0,
    minimum: 0,
    description: `${what} are deleted, the oldest first, while they take more; 0 for no limit.`,
  })
}

export const HistoryOptions = Type.Object(
  {
    kind: Type.Enum(['blocks', 'clickhouse'], {
      default: 'blocks',
      description:
        'Where history lies: in blocks beside the profiles, or in ClickHouse. After a change run `kubeprof history rebuild`.',
    }),
    ...CLICKHOUSE_OPTIONS,
    rangeBytesMax: Type.Integer({
      default: 256 * MIB,
      minimum: MIB,
      description:
        'How many bytes of blocks one range may read; a larger range is refused. Reading takes up to a tenth of a second of processor time for each MiB. More than 16 MiB are read target by target: the blocks of one target take about ten times as much memory as they have bytes.',
    }),
    pendingMin: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 1000,
      description: 'So many new profiles of a target and type are packed into a block at once.',
    }),
    pendingMsMax: Type.Integer({
      default: 5 * 60 * 1000,
      minimum: 0,
      description: 'Fewer are packed when one has waited so long.',
    }),
    retentionDays: daysKept(PROFILES),
    retentionBytesMax: bytesKept(PROFILES),
    hourRetentionDays: daysKept(HOURS),
    hourRetentionBytesMax: bytesKept(HOURS),
    dayRetentionDays: daysKept(MONTHS),
    dayRetentionBytesMax: bytesKept(MONTHS),
    dayGraceMs: Type.Integer({
      default: 2 * 3600 * 1000,
      minimum: 0,
      description: 'How long after the end of a day (UTC) its blocks become one.',
    }),
  },
  { additionalProperties: false },
)
export type HistoryOptions = Static<typeof HistoryOptions>
