/**
 * The value that `rank - 1` others are larger than or equal to: Hoare's quick-select with a median of three, linear on
 * average. `rank` is 1 to the number of values. The values are reordered.
 */
export function kthLargest(values: Float64Array, rank: number): number {
  let from = 0
  let to = values.length - 1
  const target = rank - 1
  while (from < to) {
    const pivot = medianOfThree(values[from], values[(from + to) >>> 1], values[to])
    let left = from
    let right = to
    while (left <= right) {
      while (values[left] > pivot) left++
      while (values[right] < pivot) right--
      if (left > right) break
      const moved = values[left]
      values[left++] = values[right]
      values[right--] = moved
    }
    if (target <= right) to = right
    else if (target >= left) from = left
    else break
  }
  return values[target]
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
