import type { RotarySpec } from './attention-spec.ts'

/**
 * The angle per position of each pair of dimensions: [pair].
 * @param count the length of the text: some scalings depend on it
 * @source transformers, `modeling_rope_utils.py`
 */
export function rotaryFrequencies({ dims, base, scaling }: RotarySpec, count: number): number[] {
  const plain = (b = base) =>
    Array.from({ length: pairsOf(dims) }, (_, i) => b ** ((-2 * i) / dims))
  switch (scaling.type) {
    case 'none':
      return plain()
    case 'linear':
      return plain().map(frequency => frequency / scaling.factor)
    case 'dynamic': {
      const { factor, trained } = scaling
      const longer = (factor * Math.max(count, trained)) / trained - (factor - 1)
      return plain(base * longer ** (dims / (dims - 2)))
    }
    case 'longrope': {
      const divisors = count > scaling.trained ? scaling.long : scaling.short
      return plain().map((frequency, i) => frequency / divisors[i]!)
    }
    case 'llama3':
      return plain().map(frequency => llama3(frequency, scaling))
    case 'yarn': {
      const kept = yarnRamp(dims, base, scaling)
      return plain().map(
        (frequency, i) => frequency * kept[i]! + (frequency / scaling.factor) * (1 - kept[i]!)
      )
    }
  }
}

/** How many pairs turn. */
export function pairsOf(dims: number): number {
  return Math.ceil(dims / 2)
}

type Scaling<Type extends RotarySpec['scaling']['type']> = Extract<
  RotarySpec['scaling'],
  { type: Type }
>

/** Slow turns are stretched, fast ones kept, those between in proportion. */
function llama3(frequency: number, scaling: Scaling<'llama3'>): number {
  const { factor, trained, lowFrequency, highFrequency } = scaling
  const turns = (trained * frequency) / (2 * Math.PI)
  if (turns > highFrequency) return frequency
  if (turns < lowFrequency) return frequency / factor
  const kept = (turns - lowFrequency) / (highFrequency - lowFrequency)
  return (1 - kept) * (frequency / factor) + kept * frequency
}

/**
 * How much of each frequency is kept as it is: 1 for those that turn more than `betaFast` times in a text
 * of the trained length, 0 for less than `betaSlow`.
 * @source Peng et al. 2023, section 3.2
 */
function yarnRamp(dims: number, base: number, scaling: Scaling<'yarn'>): number[] {
  const { trained, betaFast, betaSlow, truncate } = scaling
  const dimensionOf = (turns: number) =>
    (dims * Math.log(trained / (turns * 2 * Math.PI))) / (2 * Math.log(base))
  const fast = dimensionOf(betaFast)
  const slow = dimensionOf(betaSlow)
  const low = Math.max(truncate ? Math.floor(fast) : fast, 0)
  const high = Math.min(truncate ? Math.ceil(slow) : slow, dims - 1)
  const width = high === low ? 0.001 : high - low
  return Array.from(
    { length: pairsOf(dims) },
    (_, i) => 1 - Math.min(Math.max((i - low) / width, 0), 1)
  )
}
