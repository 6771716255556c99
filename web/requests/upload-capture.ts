import type { UploadCaptureReply } from '../../api/index.ts'
import { capturesApiPath } from '../paths.ts'
import { sendBody } from './upload-profile.ts'

/** Sends a tar, gzipped or not, or several files as one capture. Throws `ServerError`. */
export function uploadCapture(
  files: readonly File[],
  onProgress: (share: number) => void,
): Promise<UploadCaptureReply> {
  const [only] = files
  if (files.length === 1 && only !== undefined) {
    return sendBody(capturesApiPath, only, 'application/gzip', onProgress)
  }
  const form = new FormData()
  for (const file of files) form.append('file', file, file.name)
  return sendBody(capturesApiPath, form, null, onProgress)
}
