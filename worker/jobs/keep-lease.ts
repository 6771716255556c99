export interface LeaseOptions {
  readonly leaseMs: number
  /** False when somebody else has it by now. */
  readonly renew: (leaseMs: number) => Promise<boolean>
  /** The lease may run out if this goes on; then somebody else begins anew. */
  readonly onError: (error: unknown) => void
}

export interface KeptLease {
  /** Aborted once the lease is lost. */
  readonly lost: AbortSignal
  readonly stop: () => void
}

/** Renews a lease until it is stopped. The parent does it, for the decoder process may be busy or stuck. */
export function keepLease({ leaseMs, renew, onError }: LeaseOptions): KeptLease {
  const lost = new AbortController()
  const timer = setInterval(() => {
    renew(leaseMs).then((isHeld) => {
      if (!isHeld) lost.abort()
    }, onError)
  }, leaseMs / 3)
  return { lost: lost.signal, stop: () => clearInterval(timer) }
}
