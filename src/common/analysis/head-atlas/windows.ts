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

/** What of its windows is to be known of how sure a result of `head-statistics` is, in sentences. */
export function windowNotes(result: Dataset): string[] {
  const { not_drawn: notDrawn } = result.attributes
  const isDrawn = typeof notDrawn !== 'string'
  const counted = countedWindows(result)
  const facts = isDrawn ? 'spread, interval and p are' : 'spread is'
  return [
    ...(isDrawn ? [] : [notDrawn]),
    ...(counted === 'windows'
      ? []
      : [`Of so many windows ${counted}, neighbours, are counted: ${facts} of these.`])
  ]
}

/** Whether a result of `head-statistics` may have findings. */
export function mayHaveFindings({ attributes }: Dataset): boolean {
  const isTested = !('no_baseline' in attributes) && !('not_drawn' in attributes)
  return isTested && Number(attributes['windows']) >= fewWindows
}
