import { filesInZip } from '../../gzip/index.ts'

const BYTES_MAX = 512 * 1024 * 1024

/**
 * The files of a zip archive, by their names without folders. Throws a ProfileFormatError where it is damaged, and an
 * Error where its content is larger than it declares, or than 512 MiB.
 */
export async function filesOfZip(archive: Blob): Promise<readonly File[]> {
  const found = filesInZip(new Uint8Array(await archive.arrayBuffer()))
  const sizeBytes = found.reduce((sum, file) => sum + file.sizeBytes, 0)
  if (sizeBytes > BYTES_MAX) throw new Error('The archive holds more than 512 MiB.')
  const files: File[] = []
  for (const { name, isDeflated, read, sizeBytes: declaredBytes } of found) {
    const packed = new Blob([new Uint8Array(read())])
    const content = isDeflated ? await inflated(packed, declaredBytes) : packed
    files.push(new File([content], name.slice(name.lastIndexOf('/') + 1)))
  }
  return files
}

/** Stops where there is more than declared: a small archive could fill the memory else. */
async function inflated(packed: Blob, declaredBytes: number): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const reader = packed.stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Blob(chunks)
    bytes += value.length
    if (bytes > declaredBytes) throw new Error('The archive holds more than it declares.')
    chunks.push(value)
  }
}
