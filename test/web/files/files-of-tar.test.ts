import { gzipSync, zstdCompressSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { expect, test } from 'vitest'
import { filesOfTar } from '../../../web/uploads/files-of-tar.ts'

const PROFILE = gzipSync('a profile')

test('the files of a bundle come without folders and links', async () => {
  const tar = await packTar([
    { header: { name: 'c/', type: 'directory', size: 0 } },
    { header: { name: 'c/cpu.pb.gz', size: PROFILE.length }, body: new Uint8Array(PROFILE) },
    { header: { name: 'c/link', type: 'symlink', linkname: '/etc/passwd', size: 0 } },
  ])
  for (const [name, bytes] of [
    ['c.tar.gz', gzipSync(tar)],
    ['c.tar', tar],
    ['c.tar.zst', zstdCompressSync(tar)],
  ] as const) {
    const files = await filesOfTar(new File([new Uint8Array(bytes)], name))
    expect(files.map((file) => file.name)).toEqual(['cpu.pb.gz'])
    expect(Buffer.from((await files[0]?.bytes()) ?? [])).toEqual(PROFILE)
  }
})

test('a bundle that is cut off is refused', async () => {
  const tar = await packTar([{ header: { name: 'a', size: 5000 }, body: new Uint8Array(5000) }])
  const cut = tar.subarray(0, 2000)
  await expect(filesOfTar(new File([new Uint8Array(cut)], 'c.tar'))).rejects.toThrow(
    /truncated|unexpected|end/i,
  )
})
