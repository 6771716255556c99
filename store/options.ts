import { Type, type Static } from 'typebox'

const MIB = 1024 * 1024

export const StoreOptions = Type.Object(
  {
    directory: Type.String({
      default: './data',
      minLength: 1,
      description: 'The folder that holds the database and the uploaded profiles.',
    }),
    freeBytesMin: Type.Integer({
      default: 512 * MIB,
      minimum: 0,
      description:
        'Below this much free space nothing more is stored; on a small disk, below 5% of its size.',
    }),
    reserveBytes: Type.Integer({
      default: 64 * MIB,
      minimum: 0,
      description:
        'The size of a reserve file that is deleted when the disk is full, so that deletions still work.',
    }),
  },
  { additionalProperties: false },
)
export type StoreOptions = Static<typeof StoreOptions>
