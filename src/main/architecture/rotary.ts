import { rotaryFrequencies } from '#common/model/rotary.ts'
import type { RotarySpec } from '#common/model/spec.ts'
import type { Tensor } from '#common/model/tensor.ts'

/**
 * Cosines and sines of the angles by which pairs of dimensions turn: each [pos, pair]. Frequencies and
 * angles are rounded to float32 where the field's models round them, for at long distances it shows.
 * @param count the length of the text
 * @param from the first position
 * @source Su et al. 2021, section 3.2.2
 */
export function rotaryTables(
  rotary: RotarySpec,
  count: number,
  from = 0
): { cos: Tensor; sin: Tensor } {
  const frequencies = rotaryFrequencies(rotary, count).map(Math.fround)
  const { scaling } = rotary
  const amplitude = 'amplitude' in scaling ? scaling.amplitude : 1
  const table = (of: (angle: number) => number): Tensor => {
    const data = new Float32Array((count - from) * frequencies.length)
    for (let pos = from; pos < count; pos++)
      frequencies.forEach((frequency, i) => {
        data[(pos - from) * frequencies.length + i] =
          Math.fround(of(Math.fround(pos * frequency))) * amplitude
      })
    return { shape: [count - from, frequencies.length], data }
  }
  return { cos: table(Math.cos), sin: table(Math.sin) }
}
