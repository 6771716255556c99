export type ConfigValues = Readonly<Record<string, unknown>>

/** A kubeconfig file, or an entry of it together with its file, because paths are relative to that file. */
export interface ConfigEntry {
  readonly path: string
  readonly values: ConfigValues
}

export interface KubeconfigOptions {
  /** In order: the first file that defines a name wins, as with kubectl. */
  readonly paths: readonly string[]
  /** Null for the file's current context. */
  readonly context: string | null
  /** The environment of credential plugins. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a credential plugin may prompt on the terminal. */
  readonly isInteractive: boolean
  /** Whether plugins may run at all: with them a kubeconfig runs programs. */
  readonly allowsExec: boolean
  /** How long a plugin may run. */
  readonly pluginMsMax: number
}
