/** A moment in full, alike on every machine: `2026-11-27 05:12 UTC`. @param at milliseconds since 1970 */
export function momentText(at: number): string {
  const time = new Date(at)
  if (Number.isNaN(time.getTime())) return 'at an unknown time'
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
