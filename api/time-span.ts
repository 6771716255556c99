import { AppError } from './errors.ts'

/** From `fromMs` on, before `toMs`. */
export interface TimeSpan {
  readonly fromMs?: number
  readonly toMs?: number
}

/** The times of a query. Throws REQUEST_INVALID for a span that holds no time. */
export function spanOfQuery({
  from,
  to,
}: {
  readonly from?: string | undefined
  readonly to?: string | undefined
}): TimeSpan {
  const span = {
    ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
    ...(to === undefined ? {} : { toMs: Date.parse(to) }),
  }
  checkSpan(span)
  return span
}

/** Throws REQUEST_INVALID for a span that holds no time; `names` are what its ends are called there. */
export function checkSpan({ fromMs, toMs }: TimeSpan, names = ['from', 'to']): void {
  if (fromMs === undefined || toMs === undefined || fromMs < toMs) return
  const [from = '', to = ''] = names
  throw new AppError('REQUEST_INVALID', {
    message: `\`${from}\` must be before \`${to}\`, which is itself left out.`,
    details: { in: 'query parameter', name: from },
  })
}
