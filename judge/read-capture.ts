import { gunzip, unzstd } from '../gzip/node.ts'
import {
  type CaptureContents,
  type CaptureFile,
  type CaptureReadOptions,
  readCaptureWith,
} from './capture-contents.ts'

/** Reads what of a capture can be judged, by node:zlib. */
export function readCapture(
  files: readonly CaptureFile[],
  options: CaptureReadOptions = {},
): Promise<CaptureContents> {
  return readCaptureWith({ gunzip, unzstd }, files, options)
}
