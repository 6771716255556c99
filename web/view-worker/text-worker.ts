import { printText, type TextJob } from './print-text.ts'

/** Runs in a worker of the view worker's, so that the code of pprof's reports is loaded only when one is read. */
self.addEventListener('message', (event: MessageEvent<{ job: TextJob; port: MessagePort }>) => {
  const { job, port } = event.data
  void printText(job).then(
    (text) => port.postMessage({ text }),
    (error: unknown) => port.postMessage({ message: String(error) }),
  )
})
