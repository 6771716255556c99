import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { filesOfZip } from '../../../web/uploads/files-of-zip.ts'
import { planUpload } from '../../../web/uploads/plan-upload.ts'
import { zipOf } from '../../gzip/zip-of.ts'

const PROFILE = gzipSync('a profile')
const METRICS = Buffer.from('go_goroutines 17\n')

test.each([{ isStored: true }, { isStored: false }])(
  'the files of a zip are as they were before they were packed, %j',
  async (options) => {
    const archive = zipOf({ 'c/cpu.pb.gz': PROFILE, 'c/metrics.txt': METRICS }, options)
    const files = await filesOfZip(new Blob([new Uint8Array(archive)]))
    expect(files.map(({ name }) => name)).toEqual(['cpu.pb.gz', 'metrics.txt'])
    const contents = await Promise.all(files.map(async (file) => Buffer.from(await file.bytes())))
    expect(contents).toEqual([PROFILE, METRICS])
    expect(planUpload(files.map(({ name }) => name))).toBe('capture')
  },
)

test('an archive that holds more than it declares, or is cut off, is refused', async () => {
  const archive = new Uint8Array(zipOf({ 'metrics.txt': Buffer.alloc(100_000) }))
  const central = Buffer.from(archive).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  const lying = archive.slice()
  new DataView(lying.buffer).setUint32(central + 24, 10, true)
  await expect(filesOfZip(new Blob([lying]))).rejects.toThrow(/declares/)
  await expect(filesOfZip(new Blob([archive.subarray(0, 30)]))).rejects.toThrow(/cut off/)
})
