export interface LeaseOptions {
  readonly leaseMs: number
  /** False when another worker holds the job. */
  readonly renew: (leaseMs: number) => Promise<boolean>
  /**
   * Called when a renewal fails. If failures go on, the lease expires and another worker starts
   * again.
   */
  readonly onError: (error: unknown) => void
}

export interface KeptLease {
  /** Aborted once the lease is lost. */
  readonly lost: AbortSignal
  readonly stop: () => void
}

/**
 * Renews a lease until it is stopped. The parent process does it, because the decoder process may
 * be busy or stuck.
 */
export function keepLease({ leaseMs, renew, onError }: LeaseOptions): KeptLease {
  const lost = new AbortController()
  const timer = setInterval(() => {
    renew(leaseMs).then((isHeld) => {
      if (!isHeld) lost.abort()
    }, onError)
  }, leaseMs / 3)
  return { lost: lost.signal, stop: () => clearInterval(timer) }
}
