/**
 * Milliseconds of the processor that this thread takes for some work. Other than those of the clock, they are not more
 * where the machine has much else to do.
 */
export async function processorTime(work: () => unknown): Promise<number> {
  const before = processorNow()
  await work()
  return processorNow() - before
}

/** The longest that some work keeps this thread from others, in the same milliseconds. */
export async function longestTurn(work: () => unknown): Promise<number> {
  let longest = 0
  let last = processorNow()
  const look = () => {
    const now = processorNow()
    longest = Math.max(longest, now - last)
    last = now
  }
  const clock = setInterval(look, 5)
  await work()
  clearInterval(clock)
  look()
  return longest
}

function processorNow(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
