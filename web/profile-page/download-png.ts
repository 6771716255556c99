const SCALE = 2

/** Downloads a picture of this server as PNG, drawn by the browser in twice its size. Throws when it cannot be loaded. */
export async function downloadPng(svgPath: string, fileName: string): Promise<void> {
  const response = await fetch(svgPath)
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await response.text())}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth * SCALE
  canvas.height = image.naturalHeight * SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const link = document.createElement('a')
  link.href = canvas.toDataURL('image/png')
  link.download = fileName
  link.click()
}
