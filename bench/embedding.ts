/**
 * What looking at an embedding of GPT-2's size takes, 50,257 × 768: neighbours of a token once rows are loaded, principal components,
 * and UMAP of as many points as it takes by itself; `--all` adds UMAP of all. Times are of the processor, of one thread.
 */
import { generator } from '#common/analysis/generator.ts'
import { rowProducts } from '#common/analysis/embeddings/vectors.ts'
import { principalComponents } from '#common/analysis/principal-components.ts'
import { nearestRows } from '#common/analysis/project/nearest-rows.ts'
import { umap } from '#common/analysis/project/umap.ts'

const [rows, width] = [50_257, 768]
const next = generator(1)
/** Sixteen directions that groups of rows share, beside noise that falls from column to column. */
const data = new Float32Array(rows * width)
for (let row = 0; row < rows; row++)
  for (let i = 0; i < width; i++)
    data[row * width + i] = (next() - 0.5 + (i % 16 === row % 16 ? 1 : 0)) / (1 + i / 50)

function told(what: string, action: () => unknown): void {
  const start = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(start)
  const memory = Math.round(process.memoryUsage.rss() / 1e6)
  console.log(`${what}: ${((user + system) / 1e6).toFixed(3)} s, ${memory} MB held`)
}

const matrix = { rows, width, data }
const query = [Float64Array.from(data.subarray(0, width))]
// Compiled first, as it is in a program that has run for a while.
rowProducts(matrix, query)
told('products of a row with all', () => rowProducts(matrix, query))
told('principal components, 3', () => principalComponents(data, [rows, width], { count: 3 }))
told('principal components, all', () => principalComponents(data, [rows, width], { count: width }))
for (const count of process.argv.includes('--all') ? [5000, rows] : [5000]) {
  const some = data.slice(0, count * width)
  told(`UMAP of ${count}`, () => {
    const near = nearestRows(some, count, width, 14)
    const { scores } = principalComponents(some, [count, width], { count: 2 })
    umap(near, scores, { dimensions: 2, seed: 0 })
  })
}
