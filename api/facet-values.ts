/** How many values of a filter are counted at most, those of most rows. */
export const FACET_VALUES_MAX = 100
