import type { FsBlobStoreOptions } from '../../store/blobs.ts'

/** How a decoder process reaches blobs: in a folder, or through its parent, large ones by files of a shared folder. */
export type DecoderBlobs =
  | ({ readonly through: 'files' } & Omit<FsBlobStoreOptions, 'onDiskFailure'>)
  | { readonly through: 'parent'; readonly directory: string }

/** The settings that a decoder process gets at its start. */
export interface DecoderSettings {
  readonly blobs: DecoderBlobs
  /** The folder of the rules. */
  readonly rulesDirectory: string
  /** Folders of further rules. */
  readonly furtherRules: readonly string[]
}

/**
 * The arguments that `readDecoderSettings` reads. Everyone on the machine can see them, so only the
 * fields named here are passed on, even if the caller's object has more.
 */
export function toArguments({
  blobs,
  rulesDirectory,
  furtherRules,
}: DecoderSettings): readonly string[] {
  const settings: DecoderSettings = { blobs: onlyNamed(blobs), rulesDirectory, furtherRules }
  return [JSON.stringify(settings)]
}

function onlyNamed(blobs: DecoderBlobs): DecoderBlobs {
  if (blobs.through === 'parent') return { through: 'parent', directory: blobs.directory }
  const { through, directory, freeBytesMin, reserveBytes } = blobs
  return { through, directory, freeBytesMin, reserveBytes }
}

export function readDecoderSettings(argv: readonly string[]): DecoderSettings {
  return JSON.parse(argv.at(-1) ?? '')
}
