import { openInProcessQueue } from '../../queue/index.ts'
import { describeQueue } from '../contract/queue.ts'

describeQueue('in process', async () => openInProcessQueue())
