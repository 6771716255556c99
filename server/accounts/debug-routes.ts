import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { App } from '../http/app.ts'
import { setDownloadHeaders } from '../http/security-headers.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

const SecondsQuery = Type.Object(
  { seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 10 })) },
  { additionalProperties: false },
)

/** Profiles of the server itself, at the addresses that Go programs have, which kubeprof opens. */
export function debugRoutes(app: App, { selfProfiler }: ServerNeeds): void {
  for (const [name, kind, summary] of [
    ['profile', 'cpu', 'A CPU profile of this server process'],
    ['heap', 'heap', 'Memory of this server process: allocated meanwhile and still in use'],
  ] as const) {
    app.get(
      `/debug/pprof/${name}`,
      {
        config: {
          access: 'server-admin',
          audit: 'server.profile',
          sends: ['application/gzip'],
          errors: ['OVERLOADED'],
        },
        compress: false,
        schema: {
          tags: ['health'],
          summary,
          querystring: SecondsQuery,
        },
      },
      async (request, reply) => {
        const { seconds = 10 } = request.query
        request.auditNote = { object: kind, details: { seconds } }
        const file = await selfProfiler[kind](seconds, goneSignal(request))
        setDownloadHeaders(reply, `kubeprof-${kind}.pb.gz`)
        return sendFile(reply, file)
      },
    )
  }
}

/** Aborts when the client has left. */
function goneSignal({ socket }: FastifyRequest): AbortSignal {
  const gone = new AbortController()
  socket.once('close', () => gone.abort())
  return gone.signal
}

function sendFile(reply: FastifyReply, file: Uint8Array): FastifyReply {
  return reply.type('application/gzip').send(file)
}
