import {
  itemOf,
  type JsonPlace,
  listAt,
  memberOf,
  numberAt,
  refuseJson,
  rowAt,
} from './json-value.ts'
import { ProfileFormatError } from '../profile-format-error.ts'
import type { ProfileLimits } from '../decode/profile-limits.ts'

export interface StackSource {
  readonly frameCount: number
  /** Values are multiplied by it, then rounded. */
  readonly scale: number
  readonly limits: ProfileLimits
}

/** Takes a stack, root first, with its value. */
export type TakeStack = (frames: readonly number[], value: number) => void

/** Reads the stacks of one profile of a speedscope file, which lists samples or the opening and closing of frames. */
export function readSpeedscopeStacks(place: JsonPlace, source: StackSource, take: TakeStack): void {
  const typePlace = memberOf(place, 'type')
  if (typePlace.value === 'sampled') readSamples(place, source, take)
  else if (typePlace.value === 'evented') readEvents(place, source, take)
  else refuseJson(typePlace, 'is neither sampled nor evented')
}

function readSamples(place: JsonPlace, { frameCount, scale }: StackSource, take: TakeStack): void {
  const samplesPlace = memberOf(place, 'samples')
  const weightsPlace = memberOf(place, 'weights')
  const samples = listAt(samplesPlace)
  const weights = listAt(weightsPlace)
  if (weights.length !== samples.length) {
    refuseJson(weightsPlace, `has ${weights.length} weights for ${samples.length} samples`)
  }
  for (let index = 0; index < samples.length; index++) {
    const stackPlace = itemOf(samplesPlace, samples, index)
    const frames = listAt(stackPlace).map((_, depth, list) =>
      rowAt(itemOf(stackPlace, list, depth), frameCount),
    )
    take(frames, wholeAt(itemOf(weightsPlace, weights, index), scale))
  }
}

function readEvents(place: JsonPlace, { frameCount, scale, limits }: StackSource, take: TakeStack) {
  const eventsPlace = memberOf(place, 'events')
  const tree = new SelfTree(frameCount)
  let at = wholeAt(memberOf(place, 'startValue'), scale)
  let node = TOP
  listAt(eventsPlace).forEach((_, index, events) => {
    const event = itemOf(eventsPlace, events, index)
    const atPlace = memberOf(event, 'at')
    const nextAt = wholeAt(atPlace, scale)
    if (nextAt < at) refuseJson(atPlace, 'is before the event in front of it')
    tree.self[node] += nextAt - at
    at = nextAt
    const framePlace = memberOf(event, 'frame')
    const frame = rowAt(framePlace, frameCount)
    const type = memberOf(event, 'type')
    if (type.value === 'O') node = tree.child(node, frame)
    else if (type.value !== 'C') refuseJson(type, 'is neither O nor C')
    else if (node === TOP || tree.frame[node] !== frame) {
      refuseJson(framePlace, `closes frame ${frame}, which is not the innermost open one`)
    } else node = tree.parent[node]
  })
  if (node !== TOP) refuseJson(eventsPlace, 'ends with open frames')
  tree.emit(take, limits)
}

function wholeAt(place: JsonPlace, scale: number): number {
  const value = Math.round(numberAt(place) * scale)
  return Number.isSafeInteger(value) ? value : refuseJson(place, 'is too large')
}

const TOP = 0

/** What was spent in each stack itself, as a tree: the stacks of many events are few. */
class SelfTree {
  readonly parent = [-1]
  readonly frame = [-1]
  readonly depth = [0]
  readonly self = [0]
  readonly #children = new Map<number, number>()
  readonly #frameCount: number

  constructor(frameCount: number) {
    this.#frameCount = frameCount
  }

  child(parent: number, frame: number): number {
    const key = parent * this.#frameCount + frame
    const known = this.#children.get(key)
    if (known !== undefined) return known
    const node = this.self.push(0) - 1
    this.parent.push(parent)
    this.frame.push(frame)
    this.depth.push(this.depth[parent] + 1)
    this.#children.set(key, node)
    return node
  }

  /** Calls `take` for each stack with time of its own; time outside of all frames is left out. */
  emit(take: TakeStack, { stacksMax }: ProfileLimits): void {
    let frameCount = 0
    for (let node = TOP + 1; node < this.self.length; node++) {
      if (this.self[node] === 0) continue
      frameCount += this.depth[node]
      if (frameCount > stacksMax) {
        throw new ProfileFormatError('stacks', `the stacks have more than ${stacksMax} frames`)
      }
      const frames: number[] = []
      for (let at = node; at !== TOP; at = this.parent[at]) frames.push(this.frame[at])
      take(frames.reverse(), this.self[node])
    }
  }
}
