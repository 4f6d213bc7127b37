/**
 * Milliseconds of the processor that this thread takes for some work. Other than those of the clock, they are not more
 * where the machine has much else to do.
 */
export async function processorTime(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
