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
  },
  { additionalProperties: false },
)
export type CollectOptions = Static<typeof CollectOptions>
