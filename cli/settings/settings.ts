import { Type, type Static, type TSchema } from 'typebox'
import { AccountsOptions, ServerOptions } from '../../server/index.ts'
import { QueueOptions } from '../../queue/index.ts'
import { CollectOptions } from '../../collect/index.ts'
import { BlobOptions, StoreOptions } from '../../store/index.ts'
import { HistoryOptions } from '../../history/index.ts'
import { WorkerOptions } from '../../worker/index.ts'
import { LogOptions } from './log-options.ts'
import { TracingOptions } from './tracing-options.ts'

/** All settings: each folder defines its own, under one name each. */
export const Settings = Type.Object(
  {
    server: ServerOptions,
    accounts: AccountsOptions,
    store: StoreOptions,
    blobs: BlobOptions,
    queue: QueueOptions,
    collect: CollectOptions,
    worker: WorkerOptions,
    history: HistoryOptions,
    log: LogOptions,
    tracing: TracingOptions,
  },
  { additionalProperties: false },
)
export type Settings = Static<typeof Settings>

/** One setting, with the facts of its schema. */
export interface SettingEntry {
  readonly section: string
  readonly key: string
  readonly schema: TSchema
  readonly envName: string
}

/** Every setting in the order of the schemas. */
export function settingEntries(): readonly SettingEntry[] {
  return Object.entries(Settings.properties).flatMap(([section, { properties }]) =>
    Object.entries<TSchema>(properties).map(([key, schema]) => ({
      section,
      key,
      schema,
      envName: `KUBEPROF_${upperSnake(section)}_${upperSnake(key)}`,
    })),
  )
}

/** Whether the value is secret: it is in no message. Schemas mark such settings as `writeOnly`. */
export function isSecretSetting({ schema }: SettingEntry): boolean {
  return 'writeOnly' in schema && schema.writeOnly === true
}

/** `server.requestTimeoutMs` is set by KUBEPROF_SERVER_REQUEST_TIMEOUT_MS. */
function upperSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}
