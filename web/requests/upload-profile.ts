import type { ProfileType, UploadReply } from '../../api/index.ts'
import { uploadApiPath } from '../paths.ts'
import { readServerError, ServerError } from './call-server.ts'

export interface UploadOptions {
  /** The component, where the sender knows it; else the server infers it. */
  readonly component?: string
  /** What it is of, for files that do not say it. */
  readonly type?: ProfileType | null
  /** Called with how much has been sent, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

/** Sends one file. `fetch` cannot tell how far an upload is, hence the older interface. Throws `ServerError`. */
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
