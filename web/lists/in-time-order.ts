/** The earliest first, whatever was uploaded first: `timeOf` gives when each was taken, in ms. */
export function inTimeOrder<Item>(
  items: readonly Item[],
  timeOf: (item: Item) => number,
): readonly Item[] {
  return items.toSorted((a, b) => timeOf(a) - timeOf(b))
}
