/** How long something takes, in ms. */
export async function timeOf(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await action()
  return performance.now() - start
}

/** How long each takes of so many, one after the other, in ms. */
export async function meanOf(count: number, action: () => Promise<unknown>): Promise<number> {
  const time = await timeOf(async () => {
    for (let i = 0; i < count; i++) await action()
  })
  return time / count
}

/** The median, with the least and the most. */
export function range(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [least = 0, median = 0, most = 0] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)]
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
