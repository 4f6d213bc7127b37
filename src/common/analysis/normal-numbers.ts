import { generator } from './generator.ts'

/**
 * Numbers of a normal distribution of mean 0 and standard deviation 1 that a seed determines.
 * @source Box & Muller 1958
 */
export function normalNumbers(seed: number): () => number {
  const uniform = generator(seed)
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
