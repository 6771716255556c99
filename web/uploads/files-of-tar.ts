import { unpackTar } from 'modern-tar'

const BYTES_MAX = 512 * 1024 * 1024
const BUNDLE = /\.(tar|tar\.gz|tgz)$/i

/** Whether a file is a bundle that this browser can unpack. */
export function isTar(name: string): boolean {
  return BUNDLE.test(name)
}

/**
 * The files of a bundle, by their names without folders; links and folders are left out. Throws where it is damaged or
 * holds more than 512 MiB.
 */
export async function filesOfTar(bundle: File): Promise<readonly File[]> {
  const packed = bundle.stream()
  const isZipped = !/\.tar$/i.test(bundle.name)
  const content = isZipped ? packed.pipeThrough(new DecompressionStream('gzip')) : packed
  const entries = await unpackTar(content.pipeThrough(limited()), {
    strict: true,
    filter: ({ type }) => type === 'file',
  })
  return entries.flatMap(({ header, data }) => {
    const name = header.name.slice(header.name.lastIndexOf('/') + 1)
    return data === undefined || name === '' ? [] : [new File([data], name)]
  })
}

/** Passes bytes on until there are too many: a small bundle could fill the memory else. */
function limited(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length
      if (bytes > BYTES_MAX) throw new Error('The bundle holds more than 512 MiB.')
      controller.enqueue(chunk)
    },
  })
}
