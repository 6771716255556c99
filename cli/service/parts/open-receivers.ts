import type { Logger } from 'pino'
import {
  type CaptureReceiver,
  openCaptureReceiver,
  openProfileReceiver,
  type ProfileReceiver,
  type Tracer,
} from '../../../collect/index.ts'
import type { Queue } from '../../../queue/index.ts'
import type { Store } from '../../../store/index.ts'
import { describeCaptureFile, refuseHead } from '../../../judge/index.ts'
import type { Closers } from '../closers.ts'
import type { Settings } from '../../settings/settings.ts'

interface ReceiverParts {
  readonly logger: Logger
  readonly closers: Closers
  readonly store: Store
  readonly queue: Queue
  readonly tracer: Tracer
}

/** The receivers of profiles and of whole captures. */
export function openReceivers(
  { collect }: Settings,
  { store, queue, logger, closers, tracer }: ReceiverParts,
): { readonly receiver: ProfileReceiver; readonly captureReceiver: CaptureReceiver } {
  const shared = {
    ...store,
    options: collect,
    queue,
    refuseHead,
    tracer,
    onNotifyFailed: (err: unknown) => logger.warn({ err }, 'a notification was lost'),
  }
  const receiver = openProfileReceiver(shared)
  closers.add(() => receiver.close())
  const captureReceiver = openCaptureReceiver({ ...shared, describeFile: describeCaptureFile })
  closers.add(() => captureReceiver.close())
  return { receiver, captureReceiver }
}
