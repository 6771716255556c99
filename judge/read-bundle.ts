import { gunzip, unzstd } from '../gzip/node.ts'
import { filesInZip, inflateProfile, isZip, isZstd } from '../gzip/index.ts'
import { ProfileFormatError } from '../profile/index.ts'
import type { CaptureFile } from './capture-contents.ts'

const BUNDLE_BYTES_MAX = 1024 * 1024 * 1024
const FILES_MAX = 1000

/**
 * The files of a capture that was packed into a tar, compressed by gzip or zstd or not, or into zip. Links and devices in
 * it are left out, and nothing is written anywhere. Throws a ProfileFormatError where it is neither.
 */
export async function readBundle(
  bytes: Uint8Array,
  { bundleBytesMax = BUNDLE_BYTES_MAX } = {},
): Promise<readonly CaptureFile[]> {
  if (isZip(bytes)) {
    return filesInZip(bytes).map(({ name, read }) => ({
      name,
      read: () => inflateProfile(read(), gunzip).bytes,
    }))
  }
  const tar = isZstd(bytes)
    ? unzstd(bytes, bundleBytesMax)
    : inflateProfile(bytes, gunzip, { inflatedBytesMax: bundleBytesMax }).bytes
  const { unpackTar } = await import('modern-tar')
  try {
    const entries = await unpackTar(tar, { strict: true })
    const files = entries.flatMap(({ header, data }) =>
      header.type === 'file' && data !== undefined ? [{ name: header.name, data }] : [],
    )
    if (files.length > FILES_MAX) {
      throw new ProfileFormatError('bundle', `the bundle holds more than ${FILES_MAX} files`)
    }
    return files.map(({ name, data }) => ({ name, read: () => data }))
  } catch (error) {
    if (error instanceof ProfileFormatError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProfileFormatError('bundle', `the bundle cannot be read: ${reason}`)
  }
}
