/**
 * The block of a tensor that no description names, such as a buffer, by the number in its name that counts the blocks: the
 * first one before which every name that begins so counts from 0 to the last block.
 * @param names of all tensors
 * @param blocks how many the model has
 * @returns null where no number does
 */
export function layersByName(
  names: readonly string[],
  blocks: number
): (name: string) => number | null {
  const counted = new Map<string, Set<number>>()
  for (const name of names)
    for (const { before, number } of numbersIn(name)) {
      const found = counted.get(before) ?? new Set()
      counted.set(before, found.add(number))
    }
  const countsBlocks = ({ before }: Numbered) => {
    const found = counted.get(before)
    return found?.size === blocks && Math.max(...found) === blocks - 1
  }
  return name => numbersIn(name).find(countsBlocks)?.number ?? null
}

interface Numbered {
  readonly before: string
  readonly number: number
}

/** The numbers between the dots and underscores of a name, each with all that stands before it. */
function numbersIn(name: string): Numbered[] {
  const found: Numbered[] = []
  for (const { 0: digits, index } of name.matchAll(/(?<=^|[._/])\d{1,5}(?=[._/]|$)/g)) {
    found.push({ before: name.slice(0, index), number: Number(digits) })
    if (found.length === mostNumbers) break
  }
  return found
}

/** A name may be of any length. */
const mostNumbers = 8
