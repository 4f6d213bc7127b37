/** Fewer windows have no p as small as a finding takes, of as many in each half. */
export const fewWindows = 12

const usual = 128

/** Tokens of a window where nobody says: some, so that there are many windows. */
export function usualWindow(nCtx = usual): number {
  return Math.min(usual, nCtx)
}
