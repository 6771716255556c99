/** How long a hook may take that starts a control plane: the first on a machine builds its programs. */
export const START_MS_MAX = 30 * 60_000
