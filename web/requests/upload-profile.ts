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

/**
 * Sends one file with XMLHttpRequest, because `fetch` does not report upload progress. Throws
 * `ServerError`.
 */
export function uploadProfile(
  file: Blob,
  fileName: string,
  options: UploadOptions = {},
): Promise<UploadReply> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', uploadApiPath(fileName, options))
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0)
        options.onProgress?.(event.loaded / event.total)
    })
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('load', () => {
      if (request.status === 200 || request.status === 201) {
        const reply: UploadReply = JSON.parse(request.responseText)
        resolve(reply)
        return
      }
      reject(readServerError(request.status, request.responseText))
    })
    request.send(file)
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
