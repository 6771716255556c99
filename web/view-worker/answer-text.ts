import type { OpenViews } from './open-views.ts'
import type { TextRequest } from './view-messages.ts'

let worker: Worker | null = null

/** What `go tool pprof` prints for the filtered profile. */
export function answerText({ original }: OpenViews, request: TextRequest): Promise<string> {
  worker ??= new Worker(new URL('./text-worker.ts', import.meta.url), { type: 'module' })
  const { port1, port2 } = new MessageChannel()
  worker.postMessage({ job: { ...request, profile: original }, port: port2 }, [port2])
  return new Promise((resolve, reject) => {
    port1.addEventListener(
      'message',
      ({ data }: MessageEvent<{ text?: string; message?: string }>) => {
        port1.close()
        if (data.text === undefined) reject(new Error(data.message))
        else resolve(data.text)
      },
    )
    port1.start()
  })
}
