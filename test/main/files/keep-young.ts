import { utimesSync } from 'node:fs'
import { onTestFinished } from 'vitest'

/** Keeps the turns of a file from getting old while a test runs: old ones are over, whoever has them. */
export function keepTurnsYoung(file: string): void {
  const staying = setInterval(() => {
    try {
      utimesSync(`${file}.turn`, new Date(), new Date())
    } catch {
      // Nobody has one.
    }
  }, 1000)
  onTestFinished(() => clearInterval(staying))
}
