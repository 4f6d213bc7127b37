import type { ReportedScore } from '#common/analysis/head-atlas/reported-heads.ts'

/**
 * All that is known of a head's score, in parts: value, baseline, spread, interval, p, windows; what is not known is left
 * out.
 * @param text a number as it is shown
 */
export function scoreParts(
  { value, baseline, spread, low, high, p, windows }: ReportedScore,
  text: (value: number) => string
): string[] {
  const known = (value: number, said: string) => (Number.isNaN(value) ? [] : [said])
  return [
    text(value),
    ...known(baseline, `uniform ${text(baseline)}`),
    ...known(spread, `± ${text(spread)}`),
    ...known(low, `95 % ${text(low)} to ${text(high)}`),
    ...known(p, `p ${text(p)}`),
    ...known(windows, windows === 1 ? '1 window' : `${windows} windows`)
  ]
}
