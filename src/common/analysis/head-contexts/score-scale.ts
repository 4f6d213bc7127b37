/** Where scores lie between the least and the most that there can be: what cells of equal width are cut along. */
export interface ScoreScale {
  readonly name: 'square root' | 'linear' | 'logarithm'
  /** From 0 to 1; what is beyond has the place of the end. */
  place(score: number): number
  /** The score at a place. */
  score(place: number): number
}

/** Of shares, from 0 to 1: finer for small ones, which most heads give most keys. */
export const rootScale: ScoreScale = {
  name: 'square root',
  place: score => Math.sqrt(within(score)),
  score: place => place ** 2
}

export function linearScale(most: number): ScoreScale {
  return {
    name: 'linear',
    place: score => within(score / most),
    score: place => place * most
  }
}

/** ln(1 + score), up to that of `most`. */
export function logScale(most: number): ScoreScale {
  const top = Math.log1p(most)
  return {
    name: 'logarithm',
    place: score => within(Math.log1p(score) / top),
    score: place => Math.expm1(place * top)
  }
}

function within(place: number): number {
  return Math.min(1, Math.max(0, place))
}
