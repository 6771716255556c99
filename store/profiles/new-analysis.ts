/** What every analysis starts with. */
export const NEW_ANALYSIS = {
  decoderVersion: null,
  ruleSetVersion: null,
  state: 'received',
  claimCount: 0,
  crashCount: 0,
  retryCount: 0,
  leaseOwner: null,
  leaseToken: null,
  leaseUntilMs: null,
  claimedAtMs: null,
  columnsBlobId: null,
  factsJson: null,
  failureJson: null,
  worstFindingJson: null,
  findingCount: 0,
  finishedAtMs: null,
} as const
