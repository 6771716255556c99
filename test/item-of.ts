/** The item at an index, the first where none is given. Throws where there is none, which fails the test. */
export function itemOf<Item>(items: readonly Item[], index = 0): Item {
  const item = items[index]
  if (item === undefined) throw new RangeError(`there is no item ${index} of ${items.length}`)
  return item
}
