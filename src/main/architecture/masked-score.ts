/**
 * What a graph writes where a query may not see a key: the most negative float32, for WebGPU's shading language
 * assumes that there are no infinities.
 */
export const maskedScore = -3.4028234663852886e38

/** Whether a score stands for a masked cell; graphs from elsewhere add the least number of their type to it. */
export function isMaskedScore(score: number): boolean {
  return score <= -1e30
}
