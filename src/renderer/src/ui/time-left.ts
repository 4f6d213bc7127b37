import { durationText } from '#common/figure/number-text.ts'

/** How long a task may still take, by what it has done; null until that can be told. */
export function timeLeft(
  task: { readonly startedAt: number; readonly done: number; readonly total: number },
  now: number
): string | null {
  const elapsed = now - task.startedAt
  if (task.total <= 0 || task.done <= 0 || task.done >= task.total || elapsed < 500) return null
  const left = (elapsed / task.done) * (task.total - task.done)
  return `${durationText(Math.max(1000, Math.round(left / 1000) * 1000))
    .replace('.00', '')
    .replace('.0', '')} left`
}
