import { fewWindows } from '#common/analysis/head-atlas/windows.ts'

/** What so few windows cannot tell, and what to do; null of enough. */
export function fewWindowsText(windows: number): string | null {
  if (windows >= fewWindows) return null
  const now = windows === 1 ? 'One window has' : `${windows} windows have`
  const what =
    windows === 1
      ? 'no spread, interval or p'
      : 'hardly a p small enough for a finding, which as a rule takes six in each half'
  return `${now} ${what}: choose a corpus, or shorter windows.`
}
