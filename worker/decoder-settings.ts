import type { StoreOptions } from '../store/index.ts'

/** What a decoder process is told at its start. */
export interface DecoderSettings {
  readonly store: StoreOptions
  /** The folder of the rules. */
  readonly rulesDirectory: string
}

/** The arguments that `readDecoderSettings` reads. */
export function toArguments(settings: DecoderSettings): readonly string[] {
  return [JSON.stringify(settings)]
}

export function readDecoderSettings(argv: readonly string[]): DecoderSettings {
  return JSON.parse(argv.at(-1) ?? '')
}
