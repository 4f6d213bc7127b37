import { expect, it } from 'vitest'
import { generator } from '#common/analysis/generator.ts'
import { nearestRows } from '#common/analysis/project/nearest-rows.ts'
import { tsne } from '#common/analysis/project/tsne.ts'

const [rows, width, perplexity] = [40, 5, 10]
const next = generator(3)
const data = Float32Array.from({ length: rows * width }, () => next() - 0.5)

/** Squared distances of all pairs. */
function squares(places: ArrayLike<number>, dimensions: number): number[][] {
  const at = (i: number, d: number) => places[i * dimensions + d]!
  const each = Array.from({ length: dimensions }, (_, d) => d)
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: rows }, (_, j) =>
      each.reduce((sum, d) => sum + (at(i, d) - at(j, d)) ** 2, 0)
    )
  )
}

/** p_ij of van der Maaten & Hinton 2008, equations 1 and 2: of each row so wide that its perplexity, two to its entropy in bits, is as wanted. */
function joint(): number[][] {
  const conditional = squares(data, width).map((own, i) => {
    const of = (precision: number) => {
      const weights = own.map((square, j) => (j === i ? 0 : Math.exp(-square * precision)))
      const sum = weights.reduce((a, b) => a + b)
      return weights.map(weight => weight / sum)
    }
    const bits = (p: number[]) =>
      -p.reduce((sum, own) => sum + (own > 0 ? own * Math.log2(own) : 0), 0)
    let [low, high] = [0, 1e4]
    for (let step = 0; step < 100; step++) {
      const middle = (low + high) / 2
      if (2 ** bits(of(middle)) > perplexity) low = middle
      else high = middle
    }
    return of(low)
  })
  return conditional.map((own, i) => own.map((p, j) => (p + conditional[j]![i]!) / (2 * rows)))
}

it.each([2, 3])(
  'ends where the divergence of neighbourhoods has no slope, in %i dimensions',
  dimensions => {
    const first = Float64Array.from({ length: rows * dimensions }, () => next() - 0.5)
    const places = tsne(nearestRows(data, rows, width, rows - 1), first, { dimensions, perplexity })
    const p = joint()
    const near = squares(places, dimensions).map((own, i) =>
      own.map((square, j) => (i === j ? 0 : 1 / (1 + square)))
    )
    const sum = near.flat().reduce((a, b) => a + b)
    let [slope, pull] = [0, 0]
    for (let i = 0; i < rows; i++)
      for (let d = 0; d < dimensions; d++) {
        const away = (j: number) => places[i * dimensions + d]! - places[j * dimensions + d]!
        const parts = near[i]!.map((own, j) => [
          p[i]![j]! * own * away(j),
          (own / sum) * own * away(j)
        ])
        pull = Math.max(pull, Math.abs(parts.reduce((all, [attracts]) => all + attracts!, 0)))
        slope = Math.max(slope, Math.abs(parts.reduce((all, [a, r]) => all + a! - r!, 0)))
      }
    expect(slope).toBeLessThan(1e-3 * pull)
  }
)
