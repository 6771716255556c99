// `npm run stack`: kubeprof scaled out on loopback, in a folder of its own, until Ctrl-C.
import { once } from 'node:events'
import { openStack } from './open-stack.ts'

const stack = await openStack()
const [first, second] = stack.servers
process.stdout.write(`kubeprof is ready: open ${first.url} or ${second.url} in a browser

Two servers, two workers and a collector, on Postgres, Redis and S3 of their own. To run one more process beside them:

${Object.entries(stack.env)
  .map(([name, value]) => `export ${name}=${value}`)
  .join('\n')}

Ctrl-C stops all and deletes what was uploaded.
`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await stack.close()
