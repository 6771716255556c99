// `npm run stack [-- --workers N]`: kubeprof scaled out on loopback, in a folder of its own, until Ctrl-C.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { openStack } from './open-stack.ts'

const { values } = parseArgs({ options: { workers: { type: 'string', default: '2' } } })
const workerCount = Number(values.workers)
const own = Object.entries(process.env).flatMap(([name, value]) =>
  name.startsWith('KUBEPROF_') && value !== undefined ? [[name, value] as const] : [],
)
// As without any settings, and as the caller's own say.
const env = {
  KUBEPROF_WORKER_SWEEP_MS: '5000',
  KUBEPROF_WORKER_LEASE_MS: '15000',
  ...Object.fromEntries(own),
}
const stack = await openStack({ isDirect: true, workerCount, env })
const [first, second] = stack.servers
process.stdout.write(`kubeprof is ready: open ${first.url} or ${second.url} in a browser

Two servers, ${workerCount} workers and a collector, on Postgres, Redis and S3 of their own. To run one more process beside them:

${Object.entries(stack.env)
  .map(([name, value]) => `export ${name}=${value}`)
  .join('\n')}

Ctrl-C stops all and deletes what was uploaded.
`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await stack.close()
