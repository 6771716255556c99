import { Type, type Static } from 'typebox'

const MIB = 1024 * 1024

export const CollectOptions = Type.Object(
  {
    uploadBytesMax: Type.Integer({
      default: 64 * MIB,
      minimum: 1024,
      description: 'The largest upload, as sent.',
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
  },
  { additionalProperties: false },
)
export type CollectOptions = Static<typeof CollectOptions>
