import { Decompress } from 'fzstd'
import { unpackTar } from 'modern-tar'
import { isZstd } from '../../gzip/index.ts'

const BYTES_MAX = 512 * 1024 * 1024

/**
 * The files of a bundle, by their names without folders; links and folders are left out. Throws where it is damaged or
 * holds more than 512 MiB.
 */
export async function filesOfTar(bundle: File): Promise<readonly File[]> {
  const content = await unpacked(bundle)
  const entries = await unpackTar(content.pipeThrough(limited()), {
    strict: true,
    filter: ({ type }) => type === 'file',
  })
  return entries.flatMap(({ header, data }) => {
    const name = header.name.slice(header.name.lastIndexOf('/') + 1)
    return data === undefined || name === '' ? [] : [new File([data], name)]
  })
}

/** The bytes of the tar in it, as they come. */
async function unpacked(bundle: File): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const start = new Uint8Array(await bundle.slice(0, 4).arrayBuffer())
  const packed = bundle.stream()
  if (isZstd(start)) return packed.pipeThrough(unzstd())
  const isGzip = start[0] === 0x1f && start[1] === 0x8b
  return isGzip ? packed.pipeThrough(new DecompressionStream('gzip')) : packed
}

function unzstd(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let stream: Decompress
  return new TransformStream({
    start(controller) {
      stream = new Decompress((chunk) => controller.enqueue(new Uint8Array(chunk)))
    },
    transform: (chunk) => stream.push(chunk),
    flush: () => stream.push(new Uint8Array(0), true),
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
