import type { FastifyBaseLogger } from 'fastify'
import type { ReadyCheck, RuleReply } from '../../api/index.ts'
import type {
  CaptureReceiver,
  CollectOptions,
  ProfileReceiver,
  Tracer,
} from '../../collect/index.ts'
import type { Store } from '../../store/index.ts'
import type { AccountsOptions } from '../accounts-options.ts'
import type { ServerOptions } from '../options.ts'
import type { RangeComputer } from '../ports/range-computer.ts'
import type { CaptureReporter } from '../ports/capture-reporter.ts'
import type { Keyring } from '../ports/keyring.ts'
import type { SelfProfiler } from '../ports/self-profiler.ts'
import type { SettingsTokens } from '../ports/settings-tokens.ts'
import type { TimeViewComputer, TraceSummariser, ViewComputer } from '../ports/view-computer.ts'

/** The dependencies of the server. The caller opens and closes them. */
export interface ServerNeeds {
  readonly options: ServerOptions
  readonly accounts: AccountsOptions
  /** The tokens of the settings; these change when the settings are read again. */
  readonly settingsTokens: SettingsTokens
  readonly selfProfiler: SelfProfiler
  /** Seals secrets that are stored. */
  readonly keyring: Keyring
  readonly version: string
  readonly logger: FastifyBaseLogger
  readonly store: Pick<
    Store,
    | 'profiles'
    | 'captures'
    | 'findings'
    | 'targets'
    | 'schedules'
    | 'links'
    | 'blobs'
    | 'integrity'
    | 'spaces'
    | 'tokens'
    | 'sessions'
    | 'audit'
    | 'history'
  >
  readonly receiver: Pick<ProfileReceiver, 'receive' | 'scarcity'>
  readonly captureReceiver: Pick<CaptureReceiver, 'receive' | 'scarcity'>
  readonly captureReporter: CaptureReporter
  readonly collectOptions: Pick<CollectOptions, 'alertCapturesMax' | 'cpuShareMax'>
  /** Metrics of the other parts of this process: its store, worker and collector. */
  readonly furtherMetrics: readonly MetricsText[]
  readonly views: ViewComputer
  readonly timeViews: TimeViewComputer
  readonly ranges: RangeComputer
  readonly traces: TraceSummariser
  readonly rules: RuleCatalogue
  readonly tracer?: Tracer | undefined
  /** The folder of the built web app; it may be absent. */
  readonly webDirectory: string
  readonly readyChecks: () => Promise<readonly ReadyCheck[]>
}

/** Metrics in Prometheus' text format. */
export interface MetricsText {
  readonly text: () => Promise<string>
}

/** The rules for judging profiles, by id. */
export interface RuleCatalogue {
  list(): Promise<readonly RuleReply[]>
}
