import { TraceReply } from '../../api/index.ts'
import { spaceOf } from '../accounts/space-of.ts'
import type { App } from '../http/app.ts'
import { CaptureParams, findCapture } from './find-capture.ts'
import type { ServerNeeds } from '../http/server-needs.ts'

/** The route of the summary of an execution trace. A TraceSummariser computes it. */
export function traceRoutes(app: App, needs: ServerNeeds): void {
  app.get(
    '/api/v1/captures/:id/trace',
    {
      config: {
        access: 'viewer',
        space: 'own',
        isView: true,
        errors: ['CAPTURE_NOT_FOUND', 'FILE_NOT_FOUND', 'PROFILE_INVALID', 'PROFILE_TOO_LARGE'],
      },
      schema: {
        tags: ['captures'],
        summary: 'Summary of the execution trace of a capture',
        description:
          'States and waits of goroutines, waits for a processor, system calls, garbage collections and stops. The ' +
          'file itself is one of the files of the capture, for `go tool trace`.',
        params: CaptureParams,
        response: { 200: TraceReply },
      },
    },
    async (request) => {
      const { id } = await findCapture(spaceOf(request, needs), request.params.id)
      return needs.traces.summariseTrace(id)
    },
  )
}
