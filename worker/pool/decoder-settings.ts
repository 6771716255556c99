import type { FsBlobStoreOptions } from '../../store/blobs.ts'

/** The settings that a decoder process gets at its start. */
export interface DecoderSettings {
  readonly store: Omit<FsBlobStoreOptions, 'onDiskFailure'>
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
  store,
  rulesDirectory,
  furtherRules,
}: DecoderSettings): readonly string[] {
  const { directory, freeBytesMin, reserveBytes } = store
  const settings: DecoderSettings = {
    store: { directory, freeBytesMin, reserveBytes },
    rulesDirectory,
    furtherRules,
  }
  return [JSON.stringify(settings)]
}

export function readDecoderSettings(argv: readonly string[]): DecoderSettings {
  return JSON.parse(argv.at(-1) ?? '')
}
