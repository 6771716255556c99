import { Type, type Static } from 'typebox'

const MIB = 1024 * 1024

export const WorkerOptions = Type.Object(
  {
    analysesMax: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 64,
      description: 'How many profiles are analysed at once.',
    }),
    decodersWarm: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 64,
      description: 'How many decoder processes are kept ready when there is nothing to do.',
    }),
    decoderMemoryBytesMax: Type.Integer({
      default: 1024 * MIB,
      minimum: 128 * MIB,
      description:
        'A decoder process that uses more memory is killed, and its profile counts as a crash.',
    }),
    analysisMsMax: Type.Integer({
      default: 60_000,
      minimum: 100,
      description: 'A decoder process that takes longer for one profile is killed.',
    }),
    viewMsMax: Type.Integer({
      default: 20_000,
      minimum: 100,
      description: 'How long one view may take to compute.',
    }),
    viewsWaitingMax: Type.Integer({
      default: 64,
      minimum: 1,
      description: 'How many views may wait for a decoder process; more are refused.',
    }),
    rulesDirectory: Type.String({
      default: '',
      description: 'A folder of your own rules, in addition to the built-in ones.',
    }),
    retentionDays: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 36_500,
      description:
        'Captures and profiles older than this many days are deleted, unless pinned or shared by a link; 0 keeps them.',
    }),
    retentionBytesMax: Type.Integer({
      default: 0,
      minimum: 0,
      description:
        'Above this total stored size the oldest captures and profiles are deleted, except pinned or shared ones; 0 for no limit.',
    }),
    columnsDays: Type.Integer({
      default: 1,
      minimum: 0,
      maximum: 36_500,
      description:
        'The decoded columns of a profile of more than 4 MiB, inflated, are kept for this many days beside its file, of which they take half. Views of older and of smaller profiles decode the file; 0 keeps columns as long as the file.',
    }),
    scrubDays: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 3650,
      description:
        'Every stored file is read and compared with its hash once in this many days, a few at a time; 0 for never.',
    }),
    trashDays: Type.Integer({
      default: 7,
      minimum: 1,
      maximum: 3650,
      description:
        'Stored files that no row of the database refers to are moved to a trash, and deleted from there after this many days.',
    }),
    healthListen: Type.String({
      default: '',
      pattern: '^(.+:[0-9]{1,5})?$',
      description:
        'The address where `kubeprof work` serves /healthz and /readyz, such as `0.0.0.0:9465`; off by default. `serve` uses its own port.',
    }),
    leaseMs: Type.Integer({
      default: 15_000,
      minimum: 100,
      description: 'A worker that does not renew its lease for this long counts as dead.',
    }),
    sweepMs: Type.Integer({
      default: 5000,
      minimum: 50,
      description: 'How often a worker looks for profiles without a notification.',
    }),
  },
  { additionalProperties: false },
)
export type WorkerOptions = Static<typeof WorkerOptions>

/** The folders of rules beside the built-in ones. */
export function furtherRulesOf({ rulesDirectory }: WorkerOptions): readonly string[] {
  return rulesDirectory === '' ? [] : [rulesDirectory]
}
