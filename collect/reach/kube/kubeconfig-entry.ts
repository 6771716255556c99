export type ConfigValues = Readonly<Record<string, unknown>>

/** A kubeconfig file, or one entry of it with the file it is in: paths are relative to that. */
export interface ConfigEntry {
  readonly path: string
  readonly values: ConfigValues
}

export interface KubeconfigOptions {
  /** Of several files the first that has a name counts, as with kubectl. */
  readonly paths: readonly string[]
  /** Null for the file's current context. */
  readonly context: string | null
  /** What credential plugins run with. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a credential plugin may ask the person at the terminal. */
  readonly isInteractive: boolean
  /** Whether plugins may be run at all: they make a kubeconfig a program. */
  readonly allowsExec: boolean
  /** How long one may run. */
  readonly pluginMsMax: number
}
