import type { Dataset } from '../../data/dataset.ts'

/** Fewer windows seldom have a p as small as a finding takes, of as many in each half. */
export const fewWindows = 12

const usual = 128

/** Tokens of a window where nobody says: some, so that there are many windows. */
export function usualWindow(nCtx = usual): number {
  return Math.min(usual, nCtx)
}

/**
 * Tokens of a window as somebody asked, or as usual, and no more than a model takes.
 * @param asked null where nobody did
 */
export function windowLength(asked: number | null, nCtx = Infinity): number {
  return Math.min(asked ?? usual, nCtx)
}

/** What `head-statistics` counts: windows, or groups of them where there are many. */
export function countedWindows({ attributes }: Dataset): string {
  const each = Number(attributes['windows_each'] ?? 1)
  return each === 1 ? 'windows' : `groups of ${each} windows`
}

/** That windows are counted in groups; none where each is counted. */
export function pooledNotes(result: Dataset): string[] {
  const counted = countedWindows(result)
  if (counted === 'windows') return []
  return [
    `Of so many windows ${counted}, neighbours, are counted: spread, interval and p are of these.`
  ]
}
