import type { Given } from '../analysis.ts'
import {
  bootstrapIntervals,
  pooledMean,
  type Draws,
  type Sample,
  type ScoreSample
} from './resampling.ts'

const ofBaseline = ['baseline', 'above', 'above_low', 'above_high'] as const

const facts = {
  value: 'mean over windows of the mean over heads',
  low: 'lower end of its interval of 95 % (bootstrap over windows)',
  high: 'upper end of its interval of 95 %',
  windows: 'windows that have such a number',
  baseline: 'the same of attention spread alike over what the layers see',
  above: 'value − baseline',
  above_low: 'lower end of its interval of 95 % (bootstrap over windows)',
  above_high: 'upper end of its interval of 95 %'
} as const

type MeanFacts = Readonly<Record<keyof typeof facts, number>>

/** What is said of all heads together. */
export const meanGives: readonly Given[] = Object.entries(facts).map(([name, about]) => ({
  ...{ name: `mean.${name}`, about },
  axes: ['mean'],
  unit: ''
}))

/**
 * The mean over heads of each score, and how sure it is.
 * @param samples of each score all of its windows
 * @returns [mean] each; nothing of a baseline where there is none
 */
export function meanVariables(
  samples: readonly ScoreSample[],
  heads: number,
  draws: Draws | null
): Record<string, Float64Array> {
  const all = samples.map(sample => meanFacts(sample, heads, draws))
  const hasBaseline = samples.some(({ baselines }) => baselines !== null)
  return Object.fromEntries(
    (Object.keys(facts) as (keyof MeanFacts)[])
      .filter(name => hasBaseline || !(ofBaseline as readonly string[]).includes(name))
      .map(name => [`mean.${name}`, Float64Array.from(all, own => own[name])])
  )
}

function meanFacts(
  { values, weights, baselines }: ScoreSample,
  heads: number,
  draws: Draws | null
): MeanFacts {
  const meanOf = (own: Float64Array) => own.reduce((sum, value) => sum + value, 0) / heads
  const sampleOf = (of: (window: number) => number): Sample => ({
    values: values.map((_, window) => Float64Array.of(of(window))),
    weights
  })
  const value = sampleOf(window => meanOf(values[window]!))
  const baseline = sampleOf(window => (baselines === null ? NaN : meanOf(baselines[window]!)))
  const above = sampleOf(window => value.values[window]![0]! - baseline.values[window]![0]!)
  const intervalOf = (sample: Sample) => bootstrapIntervals(sample, 1, draws)
  const [own, differences] = [intervalOf(value), intervalOf(above)]
  return {
    value: pooledMean(value, 0),
    low: own.low[0]!,
    high: own.high[0]!,
    windows: values.length,
    baseline: pooledMean(baseline, 0),
    above: pooledMean(above, 0),
    above_low: differences.low[0]!,
    above_high: differences.high[0]!
  }
}
