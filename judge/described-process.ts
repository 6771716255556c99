/** The process that a capture's `capture.json` names; null where it does not. */
export interface DescribedProcess {
  readonly target: string | null
  readonly component: string | null
  readonly instance: string | null
  readonly cluster: string | null
  /** Where it was reached: a URL, or `host:port`. */
  readonly address: string | null
  /** When the capture began and ended, as it is written there. */
  readonly startedAt: string | null
  readonly finishedAt: string | null
}

export const NOT_DESCRIBED: DescribedProcess = {
  target: null,
  component: null,
  instance: null,
  cluster: null,
  address: null,
  startedAt: null,
  finishedAt: null,
}

/** Reads `capture.json`, which is untrusted: invalid content is skipped. */
export function describedProcess(bytes: Uint8Array): DescribedProcess {
  try {
    const manifest: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof manifest !== 'object' || manifest === null) return NOT_DESCRIBED
    const textOf = (key: string): string | null => {
      const value: unknown = Reflect.get(manifest, key)
      return typeof value === 'string' && value !== '' ? value : null
    }
    return {
      target: textOf('target'),
      component: textOf('component'),
      instance: textOf('instance'),
      cluster: textOf('cluster'),
      address: textOf('address') ?? textOf('instance'),
      startedAt: textOf('startedAt'),
      finishedAt: textOf('finishedAt'),
    }
  } catch {
    return NOT_DESCRIBED
  }
}
