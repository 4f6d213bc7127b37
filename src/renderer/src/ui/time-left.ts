import { durationText } from '#common/text/number-text.ts'

/** How long a task may still take, by what it has done; null until that can be told. */
export function timeLeft(
  task: { readonly startedAt: number; readonly done: number; readonly total: number },
  now: number
): string | null {
  const elapsed = now - task.startedAt
  if (task.total <= 0 || task.done <= 0 || task.done >= task.total || elapsed < 500) return null
  const left = (elapsed / task.done) * (task.total - task.done)
  return `${secondsText(left)} left`
}

/** A time of which the seconds are enough: `1 s`, `40 s`, `2 min 5 s`. */
export function secondsText(milliseconds: number): string {
  return durationText(Math.max(1000, Math.round(milliseconds / 1000) * 1000))
    .replace(/\.0+ /, ' ')
    .replace(/ 0 s$/, '')
}
