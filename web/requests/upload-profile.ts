import type { ProfileType, UploadReply } from '../../api/index.ts'
import { uploadApiPath } from '../paths.ts'
import { readServerError, ServerError } from './call-server.ts'

export interface UploadOptions {
  /** The component, if the sender knows it; else the server infers it. */
  readonly component?: string
  /** The profile type, for files that do not contain it. */
  readonly type?: ProfileType | null
  /** Called with the share sent, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

/** Sends one file. Throws `ServerError`. */
export function uploadProfile(
  file: Blob,
  fileName: string,
  options: UploadOptions = {},
): Promise<UploadReply> {
  const path = uploadApiPath(fileName, options)
  return sendBody(path, file, 'application/octet-stream', options.onProgress)
}

/**
 * Sends a body with XMLHttpRequest, because `fetch` does not report upload progress. Without a type the browser
 * chooses it. Throws `ServerError`.
 */
export function sendBody<Reply>(
  path: string,
  body: Blob | FormData,
  contentType: string | null,
  onProgress: ((share: number) => void) | undefined,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    if (contentType !== null) request.setRequestHeader('content-type', contentType)
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) onProgress?.(event.loaded / event.total)
    })
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('load', () => {
      if (request.status === 200 || request.status === 201) {
        const reply: Reply = JSON.parse(request.responseText)
        resolve(reply)
        return
      }
      reject(readServerError(request.status, request.responseText))
    })
    request.send(body)
  })
}

function unreachable(): ServerError {
  return new ServerError({
    status: 0,
    code: 'UNREACHABLE',
    message: 'The server could not be reached.',
    requestId: null,
  })
}
