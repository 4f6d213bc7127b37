import type { Report } from '../analysis.ts'

/** Hears of each step of a layout where its points lie; they go on from there, so that who keeps them copies them. */
export type StepReport = (done: number, total: number, places?: Float64Array) => void

/** Milliseconds from one picture to the next. */
const apart = 150

/**
 * Reports a part of the work, as shares of the whole, in thousandths; of steps every so often the picture, too.
 * @param from where the part begins, from 0 to 1
 */
export function stepReport(report: Report | undefined, from: number, to: number): StepReport {
  let last = -Infinity
  let said = -1
  return (done, total, places) => {
    if (report === undefined) return
    const now = Date.now()
    const share = Math.round(1000 * (from + ((to - from) * done) / total))
    const isDue = places !== undefined && now - last >= apart
    if (share === said && !isDue) return
    said = share
    if (isDue) last = now
    report(share, 1000, isDue ? Float32Array.from(places) : undefined)
  }
}
