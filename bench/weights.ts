/**
 * What statistics of all weights of GPT-2 small's shape take, and the full spectrum of 768 × 2304; each beside one pass that adds
 * the same numbers up, and beside NumPy and SciPy where they are. Times are of one thread.
 */
import { spawnSync } from 'node:child_process'
import { generator } from '#common/analysis/generator.ts'
import { rowMajorView } from '#common/analysis/matrix-product.ts'
import { singularValues } from '#common/analysis/singular-values.ts'
import { tensorStatistics } from '#common/analysis/weight-statistics/tensor-statistics.ts'

const layers = 12
const width = 768
const block: number[][] = [
  ...[[width], [width], [width], [width]],
  ...[[width, 3 * width], [3 * width], [width, width], [width]],
  ...[[width, 4 * width], [4 * width], [4 * width, width], [width]]
]
const shapes = [
  [50257, width],
  [1024, width],
  ...Array.from({ length: layers }, () => block).flat(),
  [width],
  [width]
]

const next = generator(1)
/** Nearly normal, as weights are. */
const drawn = (count: number) =>
  Float32Array.from({ length: count }, () => 0.02 * (next() + next() + next() + next() - 2) * 1.7)

function seconds(action: () => unknown): number {
  const start = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

function sum(data: Float32Array): number {
  let all = 0
  for (let i = 0; i < data.length; i++) all += data[i]!
  return all
}

let [statistics, added, numbers] = [0, 0, 0]
for (const shape of shapes) {
  const data = drawn(shape.reduce((product, length) => product * length, 1))
  numbers += data.length
  added += seconds(() => sum(data))
  statistics += seconds(() => tensorStatistics(data, shape))
}
console.log(`statistics of ${numbers} numbers: ${statistics.toFixed(2)} s (below 6 s)`)
console.log(`  ${(statistics / added).toFixed(1)} × a pass that adds them up`)

const matrix = drawn(width * 3 * width)
const view = rowMajorView(matrix, width, 3 * width)
const spectrum = seconds(() => singularValues(view))
console.log(`singular values of 768 × 2304: ${spectrum.toFixed(2)} s (below 1.5 s)`)

const script = `
import numpy as np, time, scipy.stats as s
w = np.random.default_rng(0).normal(size=(768, 2304)).astype(np.float32).astype(float)
t = time.process_time(); np.linalg.svd(w, compute_uv=False); print('svd', time.process_time() - t)
x = w.ravel(); t = time.process_time(); s.skew(x); s.kurtosis(x); s.kstest(x, 'norm', args=(x.mean(), x.std())); w.var(0); w.var(1)
print('statistics', (time.process_time() - t) / x.size)
`
const { status, stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' })
if (status !== 0) console.log('NumPy and SciPy are not here to compare with')
else {
  const of = (name: string) => Number(new RegExp(`${name} (\\S+)`).exec(stdout)?.[1])
  console.log(`  ${(spectrum / of('svd')).toFixed(1)} × NumPy's`)
  console.log(`  statistics: ${(statistics / numbers / of('statistics')).toFixed(1)} × SciPy's`)
}
