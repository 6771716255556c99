import type { DrawnFrame } from '../view-worker/view-messages.ts'

/** 1 for the marked frames, their callers and callees; 1 for all frames when no frame is marked. */
export function relatedFrames(
  frames: readonly DrawnFrame[],
  marked: ReadonlySet<string>,
): Uint8Array {
  const isRelated = new Uint8Array(frames.length)
  const isBelow = new Uint8Array(frames.length)
  let hasMarks = false
  for (const [row, { name, parent, isOther }] of frames.entries()) {
    const isMarked = isOther !== true && marked.has(name)
    isBelow[row] = isMarked || isBelow[parent] === 1 ? 1 : 0
    if (!isMarked) continue
    hasMarks = true
    for (let at = row; isRelated[at] === 0; at = frames[at]?.parent ?? -1) isRelated[at] = 1
  }
  if (!hasMarks) return isRelated.fill(1)
  return isRelated.map((related, row) => related | (isBelow[row] ?? 0))
}
