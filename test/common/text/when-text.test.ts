import { expect, it } from 'vitest'
import { whenText, whenTextInFull } from '#common/text/when-text.ts'

const time = (...parts: [number, number, number, number, number]) => new Date(...parts).getTime()

it('tells the time of today, the day of this year, and the year of others', () => {
  const now = time(2026, 10, 26, 23, 59)
  expect(whenText(time(2026, 10, 26, 0, 5), now)).toBe('00:05')
  expect(whenText(time(2026, 10, 25, 23, 59), now)).toBe('25 Nov')
  expect(whenText(time(2025, 10, 26, 9, 30), now)).toBe('26 Nov 2025')
  expect(whenTextInFull(time(2025, 0, 2, 9, 30))).toBe('2 Jan 2025, 09:30')
})
