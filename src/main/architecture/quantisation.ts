import type { RawConfig } from './config-reader.ts'

/** How config.json says that weights are quantised, in words; null where it does not say so. */
export function quantisationOf(config: RawConfig): string | null {
  // MLX names no method.
  const mlx = !('quantization_config' in config) && 'quantization' in config
  const said = sectionOf(mlx ? config.quantization : config.quantization_config)
  if (said === null) return null
  const bits = said.load_in_4bit === true ? 4 : said.load_in_8bit === true ? 8 : said.bits
  const method = typeof said.quant_method === 'string' ? said.quant_method : mlx ? 'mlx' : null
  const name = method === null ? 'a method that is not named' : (names[method] ?? method)
  return typeof bits === 'number' ? `${name}, ${bits} bits a weight` : name
}

const names: Readonly<Record<string, string>> = {
  gptq: 'GPTQ',
  awq: 'AWQ',
  bitsandbytes: 'bitsandbytes',
  'compressed-tensors': 'compressed-tensors',
  fp8: 'FP8',
  mlx: 'MLX',
  mxfp4: 'MXFP4',
  hqq: 'HQQ',
  aqlm: 'AQLM',
  torchao: 'torchao',
  quanto: 'quanto'
}

function sectionOf(value: unknown): RawConfig | null {
  return typeof value === 'object' && value !== null ? (value as RawConfig) : null
}
