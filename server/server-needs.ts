import type { FastifyBaseLogger } from 'fastify'
import type { ReadyCheck } from '../api/index.ts'
import type { ProfileReceiver } from '../collect/index.ts'
import type { Store, ViewComputer } from '../store/index.ts'
import type { ServerOptions } from './options.ts'

/** What the server is handed. It opens nothing itself, so closing is the caller's too. */
export interface ServerNeeds {
  readonly options: ServerOptions
  readonly version: string
  readonly logger: FastifyBaseLogger
  readonly store: Pick<Store, 'profiles' | 'links' | 'blobs'>
  readonly receiver: Pick<ProfileReceiver, 'receive'>
  readonly views: ViewComputer
  /** Where the built web app lies; it may be absent. */
  readonly webDirectory: string
  readonly readyChecks: () => Promise<readonly ReadyCheck[]>
}
