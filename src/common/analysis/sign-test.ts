/**
 * How probable it is that signs are at least as one-sided by chance, where either is as likely: exact, two-sided. What is
 * exactly 0 counts for neither.
 * @returns 1 where there is nothing to count
 * @source Dixon & Mood 1946, “The Statistical Sign Test”
 */
export function signTest(positive: number, negative: number): number {
  const count = positive + negative
  const fewer = Math.min(positive, negative)
  // ln of binomial(count, k) / 2^count, from k to k + 1.
  let term = -count * Math.LN2
  let tail = 0
  for (let k = 0; k <= fewer; k++) {
    tail += Math.exp(term)
    term += Math.log((count - k) / (k + 1))
  }
  return Math.min(1, 2 * tail)
}
