/** Numbers of a window, or of neighbouring ones together. */
export interface GroupNumbers {
  /** [score · head] */
  readonly values: Float64Array
  /** The same of uniform attention, [score · layer]; null where it is not known what a query sees. */
  readonly baselines: Float64Array | null
  /** What each score's numbers are means over, [score]; 0 where there is no such number. */
  readonly weights: Float64Array
}

/**
 * Numbers window by window. Of many windows neighbours are pooled, by twos, fours, …, so that what is held does not grow
 * with the text: the last group may have fewer than the others.
 */
export interface WindowGroups {
  groups: GroupNumbers[]
  /** How many windows a group has. */
  each: number
  /** How many the last one has so far. */
  inLast: number
}

export function noWindows(): WindowGroups {
  return { groups: [], each: 1, inLast: 1 }
}

/**
 * Puts a window with those before it, in place.
 * @param most groups that are held, an even number
 */
export function addWindow(all: WindowGroups, window: GroupNumbers, most: number): void {
  if (all.inLast < all.each) {
    all.groups.push(pooled(all.groups.pop()!, window))
    all.inLast++
    return
  }
  if (all.groups.length === most) {
    const { groups } = all
    all.groups = groups.flatMap((group, i) => (i % 2 === 1 ? [pooled(groups[i - 1]!, group)] : []))
    all.each *= 2
  }
  all.groups.push(window)
  all.inLast = 1
}

/** What groups may take, in bytes, and how many of them at least and at most are held: of few p is coarse. */
const mostBytes = 2 ** 25
const fewest = 64
const most = 1024

/** How many groups are held of so many numbers each. */
export function mostGroups(numbers: number): number {
  const fitting = Math.floor(mostBytes / (16 * numbers)) * 2
  return Math.min(most, Math.max(fewest, fitting))
}

function pooled(a: GroupNumbers, b: GroupNumbers): GroupNumbers {
  const meanOf = (one: Float64Array, other: Float64Array) => {
    const perScore = one.length / a.weights.length
    return one.map((value, i) => {
      const score = Math.floor(i / perScore)
      const [weight, others] = [a.weights[score]!, b.weights[score]!]
      if (others === 0) return value
      if (weight === 0) return other[i]!
      return (value * weight + other[i]! * others) / (weight + others)
    })
  }
  return {
    values: meanOf(a.values, b.values),
    baselines: a.baselines && b.baselines && meanOf(a.baselines, b.baselines),
    weights: a.weights.map((weight, score) => weight + b.weights[score]!)
  }
}
