import { describe, expect, it } from 'vitest'
import type { GradientTarget } from '#common/model/gradient-target.ts'
import { targetParts } from '../../../../src/main/workbench/run/target-parts.ts'

const columns = 5
const rows = 600
const ids = Array.from({ length: rows }, (_, i) => (i * i) % columns)
const logits = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * i))
const text = { ids, predicts: 'next' } as const

/** The parts as they are asked for, and their sum. */
function summed(target: GradientTarget, of = logits) {
  const parts = targetParts(target, { rows, columns }, text)
  const gradient = new Float32Array(of.length)
  let value = 0
  for (const part of parts) {
    const data = part.rows.flatMap(row => [...of.subarray(row * columns, (row + 1) * columns)])
    const given = part.of({ shape: [part.rows.length, columns], data: Float32Array.from(data) })
    value += given.value
    part.rows.forEach((row, i) =>
      gradient.set(given.gradient.data.subarray(i * columns, (i + 1) * columns), row * columns)
    )
  }
  return { parts, value, gradient }
}

describe('a loss in parts', () => {
  it('is the mean over all that is expected, a few rows at a time', () => {
    const { parts, value } = summed({ kind: 'loss' })
    expect(parts.map(({ rows }) => rows.length)).toEqual([256, 256, 87])
    const losses = ids.slice(1).map((label, row) => {
      const own = logits.subarray(row * columns, (row + 1) * columns)
      return Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0)) - own[label]!
    })
    expect(value).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 6)
  })

  it('is of those rows alone that have a label', () => {
    const labels = ids.map((_, row) => (row % 2 === 1 ? 3 : -100))
    const { parts } = summed({ kind: 'loss', labels })
    expect(parts.flatMap(({ rows }) => rows)).toEqual(
      Array.from({ length: rows / 2 }, (_, i) => 2 * i + 1)
    )
  })
})

it.each<GradientTarget>([
  { kind: 'loss' },
  { kind: 'logit', position: 40, token: 2 },
  { kind: 'difference', position: 40, token: 2, other: 4 },
  { kind: 'probability', position: 40, token: 2 }
])('the gradient of %j is what the value changes by', target => {
  const { gradient } = summed(target)
  for (let place = 0; place < logits.length; place += 3) {
    const moved = (by: number) => {
      const data = logits.slice()
      data[place]! += by
      return summed(target, data).value
    }
    const slope = (moved(0.5 ** 7) - moved(-(0.5 ** 7))) * 2 ** 6
    expect(Math.abs(gradient[place]! - slope)).toBeLessThan(1e-4)
  }
})
