import { type FileJob, writeFile } from './write-file.ts'

/** Runs in a worker of the view worker's, so that the code of pprof's reports is loaded only when one is read. */
self.addEventListener('message', (event: MessageEvent<{ job: FileJob; port: MessagePort }>) => {
  const { job, port } = event.data
  void writeFile(job).then(
    (file) => port.postMessage({ file }),
    (error: unknown) => port.postMessage({ message: messageOf(error) }),
  )
})

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
