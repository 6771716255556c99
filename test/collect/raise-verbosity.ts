import type { TargetSpec } from '../../store/index.ts'
import {
  NO_CREDENTIALS_SPEC,
  openReach,
  planCapture,
  takeCapture,
  verbosityFolder,
} from '../../collect/index.ts'
import { itemOf } from '../item-of.ts'

/** Run by a test to be killed: captures the process at a URL with its log level raised, which takes two minutes. */
const [, , url = '', folder = ''] = process.argv
const target: TargetSpec = {
  name: 'killed',
  find: { kind: 'url', url },
  cluster: null,
  component: null,
  credentials: NO_CREDENTIALS_SPEC,
  namedBy: 'operator',
  processesMax: 1,
}
const reach = openReach({ clusters: [], allow: null, env: {}, isInteractive: false })
const { processes } = await reach.discoverProcesses(target)
const connection = await reach.openConnection(target, itemOf(processes))
await takeCapture(
  connection,
  planCapture(null, { seconds: 120, kinds: ['cpu'], verbosity: { level: 4, restoreTo: 2 } }),
  {
    sink: { write: () => Promise.resolve({ sizeBytes: 0 }) },
    signal: new AbortController().signal,
    verbosityRecords: verbosityFolder(folder, 'killed', { pid: process.pid }),
  },
)
