import type { OpenViews } from './open-views.ts'
import type { FileRequest } from './view-messages.ts'

let worker: Worker | null = null

/** A file of the filtered profile, or of the difference where two are compared. */
export function answerFile(
  { original, originalBefore }: OpenViews,
  request: FileRequest,
): Promise<Blob> {
  worker ??= new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  const profile = request.of === 'before' ? originalBefore : original
  const before = request.of === 'difference' ? originalBefore : null
  worker.postMessage({ job: { ...request, profile, before }, port: port2 }, [port2])
  return new Promise((resolve, reject) => {
    port1.addEventListener(
      'message',
      ({ data }: MessageEvent<{ file?: Blob; message?: string }>) => {
        port1.close()
        if (data.file === undefined) reject(new Error(data.message))
        else resolve(data.file)
      },
    )
    port1.start()
  })
}
