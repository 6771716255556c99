import type { Logger } from 'pino'
import { DEFAULT_SPACE } from '../../api/index.ts'
import type { Keyring, SettingsTokens } from '../../server/index.ts'
import type { AuditStore } from '../../store/index.ts'
import type { Settings } from '../settings/settings.ts'
import type { Closers } from './closers.ts'
import { readKeys } from './parts/open-keyring.ts'
import type { ServiceMetrics } from './observe/service-metrics.ts'

export interface ReloadNeeds {
  readonly readAgain: () => Promise<Settings>
  readonly settingsTokens: SettingsTokens
  readonly keyring: Keyring
  readonly serviceMetrics: Pick<ServiceMetrics, 'setReload'>
  readonly audit: Pick<AuditStore, 'add'>
  readonly logger: Logger
  readonly closers: Closers
}

/**
 * SIGHUP makes the server read its settings again and use their tokens and keys: tokens that are
 * gone, and the sessions behind them, end at once. Other settings need a restart. Settings that cannot be
 * read change nothing.
 */
export function reloadOnSignal(needs: ReloadNeeds): void {
  const onHangUp = (): void => void reload(needs)
  process.on('SIGHUP', onHangUp)
  needs.closers.add(() => void process.off('SIGHUP', onHangUp))
}

async function reload({
  readAgain,
  settingsTokens,
  keyring,
  serviceMetrics,
  audit,
  logger,
}: ReloadNeeds): Promise<void> {
  let outcome: 'done' | 'failed' = 'done'
  try {
    const settings = await readAgain()
    const { server } = settings
    keyring.replace(await readKeys(settings))
    settingsTokens.replace(server.tokens)
    logger.info({ tokenCount: server.tokens.length }, 'read the settings again')
  } catch (err) {
    outcome = 'failed'
    logger.error({ err }, 'the settings could not be read again; the old ones are kept')
  }
  serviceMetrics.setReload(outcome === 'done')
  const nothing = { object: null, address: null, requestId: null, detailsJson: null }
  const entry = { action: 'settings.reload', outcome, actor: 'SIGHUP', space: DEFAULT_SPACE }
  await audit
    .add({ ...entry, ...nothing, actorKind: 'command' })
    .catch((err: unknown) =>
      logger.error({ err }, 'an entry of the audit log could not be written'),
    )
}
