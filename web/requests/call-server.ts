import { isRecord } from '../../api/json-value.ts'

/** A failed response in the one error shape. `code` is from the catalogue in `api/errors.ts`. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  /** How long the server asks to wait, where it does. */
  readonly retryAfterMs: number | null

  constructor(failure: {
    readonly status: number
    readonly code: string
    readonly message: string
    readonly requestId: string | null
    readonly retryAfterMs?: number | null
  }) {
    super(failure.message)
    this.status = failure.status
    this.code = failure.code
    this.requestId = failure.requestId
    this.retryAfterMs = failure.retryAfterMs ?? null
  }
}

/** Whether there is nothing at the address, or nothing any more, or can be nothing: its id is not one. */
export function isOfNothing(error: Error | null): boolean {
  return error instanceof ServerError && [400, 404, 410].includes(error.status)
}

export interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/**
 * Requests JSON from the server. The server checks every response against the schemas of `api/`,
 * and both come from one build, so the shape is not checked again here. Throws `ServerError`.
 */
export async function callServer<Reply>(path: string, options: CallOptions = {}): Promise<Reply> {
  const response = await request(path, options)
  const reply: Reply = await response.json()
  return reply
}

/** As `callServer`, for responses without a body. */
export async function sendToServer(path: string, options: CallOptions): Promise<void> {
  await request(path, options)
}

/** As `callServer`, for bytes. */
export async function fetchBytes(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = await request(path, { signal })
  return await response.arrayBuffer()
}

/** Reads the error from a response's text, which may come from a proxy, and the header that says when to ask again. */
export function readServerError(
  status: number,
  text: string,
  retryAfter: string | null = null,
): ServerError {
  const found = readErrorBody(text)
  return new ServerError({
    status,
    code: found?.code ?? 'UNREADABLE',
    message: found?.message ?? `HTTP ${status}`,
    requestId: found?.requestId ?? null,
    retryAfterMs: /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : null,
  })
}

async function request(path: string, options: CallOptions): Promise<Response> {
  const init: RequestInit = { method: options.method ?? 'GET' }
  if (options.signal !== undefined) init.signal = options.signal
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body)
    init.headers = { 'content-type': 'application/json' }
  }
  const response = await fetch(path, init)
  if (!response.ok) {
    const retryAfter = response.headers.get('retry-after')
    throw readServerError(response.status, await response.text(), retryAfter)
  }
  return response
}

function readErrorBody(
  text: string,
): { readonly code: string; readonly message: string; readonly requestId: string | null } | null {
  const body = parseJson(text)
  if (!isRecord(body) || !isRecord(body['error'])) return null
  const { code, message, requestId } = body['error']
  if (typeof code !== 'string' || typeof message !== 'string') return null
  return { code, message, requestId: typeof requestId === 'string' ? requestId : null }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
