/**
 * Runs the work with a signal that aborts with the parent, or after this time. `AbortSignal.any` would leak a listener
 * on the parent for each call, and the parent lives as long as the process.
 */
export async function withDeadline<Result>(
  parent: AbortSignal,
  forMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const own = new AbortController()
  const onEnd = () => own.abort(parent.reason)
  const timer = setTimeout(() => {
    own.abort(new DOMException('It took too long.', 'TimeoutError'))
  }, forMs)
  parent.addEventListener('abort', onEnd)
  if (parent.aborted) onEnd()
  try {
    return await work(own.signal)
  } finally {
    clearTimeout(timer)
    parent.removeEventListener('abort', onEnd)
  }
}
