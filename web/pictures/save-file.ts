/** Has the browser save a file. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download begins after this task.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

const SCALE = 2

/** A picture as PNG, drawn by the browser in twice its size. Throws where it cannot be drawn. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = new OffscreenCanvas(image.naturalWidth * SCALE, image.naturalHeight * SCALE)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas.convertToBlob({ type: 'image/png' })
}

/** A name that every file system takes. */
export function fileNameOf(parts: readonly (string | null)[], suffix: string): string {
  const name = parts
    .filter(Boolean)
    .join('-')
    .replaceAll(/[^\w.-]+/g, '-')
  return `${name.replaceAll(/^[-.]+|[-.]+$/g, '').slice(0, 100) || 'kubeprof'}.${suffix}`
}
