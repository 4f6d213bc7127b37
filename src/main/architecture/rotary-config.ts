import type { z } from 'zod'
import { LamellaError } from '#common/model/errors.ts'
import { pairsOf } from '#common/model/rotary.ts'
import type { RotarySpec } from '#common/model/spec.ts'
import type { ConfigReader } from './config-reader.ts'

type Rotary = z.input<typeof RotarySpec>
type Scaling = NonNullable<Rotary['scaling']>

/** What a family says of rotary positions where config.json does not. */
export interface RotaryDefaults {
  readonly base?: number
  /** The part of each head's dimensions that turns. */
  readonly partial?: number
  readonly pairs?: Rotary['pairs']
  /** The kind of layer whose parameters are wanted, where kinds differ. */
  readonly layerType?: string
  /** Whether `rope_scaling` counts; it does where it is not said. */
  readonly scaled?: boolean
}

/**
 * Rotary positions as config.json has them: `rope_parameters`, or as older ones have it `rope_theta`,
 * `rope_scaling`, `partial_rotary_factor` and their like.
 * @throws LamellaError `unsupported` for a kind of scaling that is not known
 */
export function rotaryOf(
  config: ConfigReader,
  dHead: number,
  { base = 10000, partial = 1, pairs = 'halves', layerType, scaled = true }: RotaryDefaults = {}
): Rotary {
  const all = config.section('rope_parameters')
  const own = (layerType === undefined ? null : all?.section(layerType)) ?? all
  const parameters = own ?? (scaled ? config.section('rope_scaling') : null)
  const given = (kind: 'positive' | 'fraction', fallback: number, ...names: string[]): number => {
    const name = names.find(name => config.has(name))
    return name === undefined ? fallback : config[kind](name, fallback)
  }
  const topBase = given('positive', base, 'rope_theta', 'rotary_emb_base')
  const partials = ['partial_rotary_factor', 'rotary_pct', 'rope_pct']
  const topPartial = given('fraction', partial, ...partials)
  const turning = parameters?.fraction('partial_rotary_factor', topPartial) ?? topPartial
  const dims = Math.floor(dHead * turning)
  if (dims < 1) {
    const isOwn = parameters?.has('partial_rotary_factor') ?? false
    const name = isOwn ? partials[0]! : (partials.find(name => config.has(name)) ?? partials[0]!)
    throw (isOwn ? parameters! : config).invalid(name, `at least 1 / ${dHead}, for heads so wide`)
  }
  return {
    kind: 'rotary',
    dims,
    pairs,
    base: parameters?.positive('rope_theta', topBase) ?? topBase,
    scaling: parameters === null ? { type: 'none' } : scalingOf(parameters, config, pairsOf(dims))
  }
}

/** @param count of pairs that turn */
function scalingOf(parameters: ConfigReader, config: ConfigReader, count: number): Scaling {
  const type = parameters.text('rope_type') ?? parameters.text('type') ?? 'default'
  const trained = () => {
    const longest = config.width('max_position_embeddings')
    const inside = parameters.width('original_max_position_embeddings', longest)
    return config.width('original_max_position_embeddings', inside)
  }
  const factor = () =>
    parameters.positive('factor', config.width('max_position_embeddings') / trained())
  switch (type) {
    case 'default':
      return { type: 'none' }
    case 'linear':
      return { type, factor: parameters.positive('factor', NaN) }
    case 'dynamic': {
      const trained = config.width('max_position_embeddings')
      return { type, factor: parameters.positive('factor', NaN), trained }
    }
    case 'llama3':
      return {
        type,
        factor: parameters.positive('factor', NaN),
        trained: trained(),
        lowFrequency: parameters.positive('low_freq_factor', NaN),
        highFrequency: parameters.positive('high_freq_factor', NaN)
      }
    case 'yarn':
      return {
        type,
        factor: factor(),
        trained: trained(),
        betaFast: parameters.positive('beta_fast', 32),
        betaSlow: parameters.positive('beta_slow', 1),
        truncate: parameters.boolean('truncate', true),
        amplitude: yarnAmplitude(parameters, factor())
      }
    case 'longrope':
    case 'su': {
      const root = Math.sqrt(1 + Math.log(factor()) / Math.log(trained()))
      return {
        type: 'longrope',
        trained: trained(),
        short: factorsOf(parameters, 'short_factor', count),
        long: factorsOf(parameters, 'long_factor', count),
        amplitude: parameters.positive('attention_factor', factor() <= 1 ? 1 : root)
      }
    }
    default:
      throw new LamellaError(
        'unsupported',
        `config.json: rope_type "${type}" is not one of default, linear, dynamic, yarn, llama3, longrope`,
        'Its weights can be looked at.'
      )
  }
}

function factorsOf(parameters: ConfigReader, name: string, count: number): number[] {
  const factors = parameters.positives(name) ?? []
  if (factors.length === count) return factors
  throw parameters.invalid(name, `a list of ${count} numbers, one for each pair that turns`)
}

/** @source Peng et al. 2023, equation 22; DeepSeek-V2's two factors where both are given */
function yarnAmplitude(parameters: ConfigReader, factor: number): number {
  const grown = (by: number) => (factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1)
  const [mscale, all] = ['mscale', 'mscale_all_dim'].map(name => parameters.number(name, 0))
  const usual = mscale! !== 0 && all! !== 0 ? grown(mscale!) / grown(all!) : grown(1)
  return parameters.positive('attention_factor', usual)
}
