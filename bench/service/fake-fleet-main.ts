// A separate process that serves many targets: `/NAME/debug/pprof/...`, as Go does, with a small profile.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const profile = readFileSync(process.argv[2] ?? '')
const server = createServer((request, reply) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://any')
  if (pathname.endsWith('/metrics')) reply.end('go_info{version="go1.26.8"} 1\n')
  else if (pathname.endsWith('/version')) reply.end('{"gitVersion":"v1.37.1"}')
  else if (pathname.includes('/debug/pprof/')) {
    setTimeout(() => reply.end(profile), Number(searchParams.get('seconds') ?? 0) * 1000)
  } else reply.writeHead(404).end('404 page not found\n')
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const bound = server.address()
  console.log(typeof bound === 'object' && bound !== null ? bound.port : 0)
})
