import { ProfileFormatError } from '../profile/index.ts'

/** zlib's own words, which node:zlib and pako share, as one of the reasons that Gunzip promises. */
export function gzipError(message: string): ProfileFormatError {
  if (/unexpected end|buffer error/.test(message)) {
    return new ProfileFormatError('gzip_truncated', 'the gzip data ends too early')
  }
  if (/incorrect (data|length) check/.test(message)) {
    return new ProfileFormatError('gzip_checksum', 'the gzip data does not match its checksum')
  }
  // The first member's header was seen before, so it is bytes behind a member that are not another one.
  if (message.includes('incorrect header check')) {
    return new ProfileFormatError('gzip_trailing_data', 'other bytes follow the gzip data')
  }
  return new ProfileFormatError('gzip_corrupt', `the gzip data is damaged: ${message}`)
}
