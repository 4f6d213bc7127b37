const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * When something was, as briefly as it can be told: the time today, the day in this year, else day and year.
 * @param at milliseconds since 1970
 * @param now the same
 */
export function whenText(at: number, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  const day = `${then.getDate()} ${months[then.getMonth()]}`
  if (then.getFullYear() !== today.getFullYear()) return `${day} ${then.getFullYear()}`
  return then.toDateString() === today.toDateString() ? timeText(then) : day
}

/** The same in full. */
export function whenTextInFull(at: number): string {
  const then = new Date(at)
  const day = `${then.getDate()} ${months[then.getMonth()]} ${then.getFullYear()}`
  return `${day}, ${timeText(then)}`
}

function timeText(time: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(time.getHours())}:${two(time.getMinutes())}`
}
