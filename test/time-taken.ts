/** Milliseconds of the processor that this thread takes for some work, to be held against those of other work. */
export async function threadTime(work: () => unknown): Promise<number> {
  const before = processorNow()
  await work()
  return processorNow() - before
}

/**
 * Milliseconds of the processor that this thread takes for some work, less what a busy machine adds to that: it has slower
 * caches and memory, and a virtual one may not know what others take of it.
 */
export async function processorTime(work: () => unknown): Promise<number> {
  const taken = await threadTime(work)
  return taken / slownessNow()
}

/** The longest that some work keeps this thread from others, in the same milliseconds. */
export async function longestTurn(work: () => unknown): Promise<number> {
  const longest = await longestThreadTurn(work)
  return longest / slownessNow()
}

/** The same in those of `threadTime`, to be held against other work of this thread. */
export async function longestThreadTurn(work: () => unknown): Promise<number> {
  let longest = 0
  let last = processorNow()
  const look = () => {
    const now = processorNow()
    longest = Math.max(longest, now - last)
    last = now
  }
  const clock = setInterval(look, 1)
  await work()
  clearInterval(clock)
  look()
  return longest
}

/** Milliseconds of the clock that some work takes, less what it takes longer for where the machine has much else to do. */
export async function clockTime(work: () => unknown): Promise<number> {
  const before = performance.now()
  await work()
  const taken = performance.now() - before
  return taken / slownessNow(() => performance.now())
}

function slownessNow(now = processorNow): number {
  const before = now()
  yardstick()
  return slowness(now() - before)
}

function processorNow(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/**
 * Work of a known length, in reach of caches and beyond it, to judge a machine by: one that has much else to do is slower
 * also by its processor's time.
 */
function yardstick(): number {
  let found = 0
  for (let round = 0; round < 10; round++) {
    const values = new Float64Array(400_000)
    for (let i = 0; i < values.length; i++) values[i] = Math.sin(i)
    const names = new Map<string, number>()
    for (let i = 0; i < values.length; i += 40) names.set(`${i}`, values[i]!)
    found += names.size
  }
  return found
}

/** What a machine of two processors that does nothing else takes for it, in ms. */
const usual = 250

/** How many times as long as such a machine this one takes; 1 at least. @param taken for the yardstick, in ms */
function slowness(taken: number): number {
  return Math.max(1, taken / usual)
}
