import { closeSync, ftruncateSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const dModel = 4096
const dMlp = 11008
const nHeads = 32
const dVocab = 32000

/** A Llama-shaped folder of bfloat16 shards that are holes: as large as it says, and next to nothing on disk. */
export function writeSparseLlama(nLayers: number): { folder: string; bytes: number } {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-llama-'))
  const config = {
    model_type: 'llama',
    hidden_size: dModel,
    intermediate_size: dMlp,
    num_attention_heads: nHeads,
    num_key_value_heads: nHeads,
    num_hidden_layers: nLayers,
    vocab_size: dVocab,
    max_position_embeddings: 2048,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: false
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  const ends: Shape[] = [
    ['model.embed_tokens.weight', [dVocab, dModel]],
    ['model.norm.weight', [dModel]],
    ['lm_head.weight', [dVocab, dModel]]
  ]
  const shards = [ends, ...Array.from({ length: nLayers }, (_, layer) => blockShapes(layer))]
  const weightMap: Record<string, string> = {}
  let bytes = 0
  shards.forEach((tensors, i) => {
    const name = `model-${i}.safetensors`
    for (const [tensor] of tensors) weightMap[tensor] = name
    bytes += writeShard(join(folder, name), tensors)
  })
  const index = JSON.stringify({ metadata: { total_size: bytes }, weight_map: weightMap })
  writeFileSync(join(folder, 'model.safetensors.index.json'), index)
  return { folder, bytes }
}

type Shape = [name: string, shape: number[]]

function blockShapes(layer: number): Shape[] {
  const square = ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map((name): Shape => [
    `model.layers.${layer}.self_attn.${name}.weight`,
    [dModel, dModel]
  ])
  return [
    ...square,
    [`model.layers.${layer}.mlp.gate_proj.weight`, [dMlp, dModel]],
    [`model.layers.${layer}.mlp.up_proj.weight`, [dMlp, dModel]],
    [`model.layers.${layer}.mlp.down_proj.weight`, [dModel, dMlp]],
    [`model.layers.${layer}.input_layernorm.weight`, [dModel]],
    [`model.layers.${layer}.post_attention_layernorm.weight`, [dModel]]
  ]
}

/** @returns bytes of the shard's tensors */
function writeShard(path: string, tensors: Shape[]): number {
  let end = 0
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const begin = end
      end += 2 * shape.reduce((product, dimension) => product * dimension, 1)
      return [name, { dtype: 'BF16', shape, data_offsets: [begin, end] }]
    })
  )
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  const file = openSync(path, 'w')
  writeSync(file, length)
  writeSync(file, text)
  ftruncateSync(file, 8 + text.length + end)
  closeSync(file)
  return end
}
