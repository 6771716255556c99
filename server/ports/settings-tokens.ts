import type { TokenOptions } from '../options.ts'

/** The tokens of the settings, which change when the settings are read again. */
export interface SettingsTokens {
  readonly list: () => readonly TokenOptions[]
  readonly findByHash: (hash: string) => TokenOptions | null
  readonly replace: (tokens: readonly TokenOptions[]) => void
}

export function makeSettingsTokens(first: readonly TokenOptions[]): SettingsTokens {
  let tokens = first
  let byHash = new Map(first.map((token) => [token.sha256, token]))
  return {
    list: () => tokens,
    findByHash: (hash) => byHash.get(hash) ?? null,
    replace(next) {
      tokens = next
      byHash = new Map(next.map((token) => [token.sha256, token]))
    },
  }
}
