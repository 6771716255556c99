import { type Static, Type } from 'typebox'

const MIB = 1024 * 1024

export const HistoryOptions = Type.Object(
  {
    kind: Type.Enum(['blocks'], {
      default: 'blocks',
      description: 'Where history lies: in blocks beside the profiles.',
    }),
    rangeBytesMax: Type.Integer({
      default: 256 * MIB,
      minimum: MIB,
      description:
        'How many bytes of blocks one range may read; a larger range is refused. Decoding takes about ten times as much memory.',
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
    retentionDays: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 36_500,
      description:
        'Blocks whose profiles are all older than this many days are deleted; 0 keeps them. The files have a retention of their own.',
    }),
    dayGraceMs: Type.Integer({
      default: 2 * 3600 * 1000,
      minimum: 0,
      description: 'How long after the end of a day (UTC) its blocks become one.',
    }),
  },
  { additionalProperties: false },
)
export type HistoryOptions = Static<typeof HistoryOptions>
