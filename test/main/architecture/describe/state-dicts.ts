import type { TensorTable } from '../../../../src/main/architecture/tensor-table.ts'

/** Names and shapes as a checkpoint has them; all float32 unless the name says it counts. */
export function tensorTable(shapes: Readonly<Record<string, readonly number[]>>): TensorTable {
  return new Map(Object.entries(shapes).map(([name, shape]) => [name, { dtype: 'F32', shape }]))
}

/** The tensors of every block: `names` of one, under `before` and the number of the block. */
export function repeated(
  count: number,
  before: string,
  names: Readonly<Record<string, readonly number[]>>
): Record<string, readonly number[]> {
  const all = Array.from({ length: count }, (_, layer) =>
    Object.entries(names).map(([name, shape]) => [`${before}${layer}.${name}`, shape] as const)
  )
  return Object.fromEntries(all.flat())
}

/** Weight and bias of torch.nn.Linear. */
export function linear(name: string, inputs: number, outputs: number) {
  return { [`${name}.weight`]: [outputs, inputs], [`${name}.bias`]: [outputs] }
}

/** Weight and bias of torch.nn.LayerNorm. */
export function layerNorm(name: string, width: number) {
  return { [`${name}.weight`]: [width], [`${name}.bias`]: [width] }
}

/** The model that ships as a sample. */
export const hebrew = {
  'token_embedding.weight': [31, 128],
  'position_embedding.weight': [192, 128],
  ...repeated(4, 'encoder_layers.', {
    'self_attn.q_proj_weight': [128, 128],
    'self_attn.k_proj_weight': [128, 128],
    'self_attn.v_proj_weight': [128, 128],
    'self_attn.in_proj_bias': [384],
    ...linear('self_attn.out_proj', 128, 128),
    ...linear('linear1', 128, 512),
    ...linear('linear2', 512, 128),
    ...layerNorm('norm1', 128),
    ...layerNorm('norm2', 128)
  }),
  ...layerNorm('norm', 128),
  ...linear('fc_out', 128, 31)
}

/** torch.nn.TransformerEncoder within a tutorial's language model: post-norm, sines in a buffer. */
export const torchEncoder = {
  'pos_encoder.pe': [5000, 1, 64],
  ...repeated(2, 'transformer_encoder.layers.', {
    'self_attn.in_proj_weight': [192, 64],
    'self_attn.in_proj_bias': [192],
    ...linear('self_attn.out_proj', 64, 64),
    ...linear('linear1', 64, 200),
    ...linear('linear2', 200, 64),
    ...layerNorm('norm1', 64),
    ...layerNorm('norm2', 64)
  }),
  'encoder.weight': [500, 64],
  ...linear('decoder', 64, 500)
}

/** nanoGPT, compiled, without biases; its embedding is tied under two names. */
export const nanoGpt = {
  '_orig_mod.transformer.wte.weight': [65, 384],
  '_orig_mod.transformer.wpe.weight': [256, 384],
  ...repeated(6, '_orig_mod.transformer.h.', {
    'ln_1.weight': [384],
    'attn.bias': [1, 1, 256, 256],
    'attn.c_attn.weight': [1152, 384],
    'attn.c_proj.weight': [384, 384],
    'ln_2.weight': [384],
    'mlp.c_fc.weight': [1536, 384],
    'mlp.c_proj.weight': [384, 1536]
  }),
  '_orig_mod.transformer.ln_f.weight': [384],
  '_orig_mod.lm_head.weight': [65, 384]
}

/** A GPT-2 of transformers. */
export const gpt2 = {
  'wte.weight': [500, 64],
  'wpe.weight': [32, 64],
  ...repeated(2, 'h.', {
    ...layerNorm('ln_1', 64),
    'attn.bias': [1, 1, 32, 32],
    'attn.c_attn.weight': [64, 192],
    'attn.c_attn.bias': [192],
    'attn.c_proj.weight': [64, 64],
    'attn.c_proj.bias': [64],
    ...layerNorm('ln_2', 64),
    'mlp.c_fc.weight': [64, 256],
    'mlp.c_fc.bias': [256],
    'mlp.c_proj.weight': [256, 64],
    'mlp.c_proj.bias': [64]
  }),
  ...layerNorm('ln_f', 64)
}

/** A Llama of transformers with grouped queries. */
export const llama = {
  'model.embed_tokens.weight': [1000, 128],
  ...repeated(3, 'model.layers.', {
    'self_attn.q_proj.weight': [128, 128],
    'self_attn.k_proj.weight': [64, 128],
    'self_attn.v_proj.weight': [64, 128],
    'self_attn.o_proj.weight': [128, 128],
    'mlp.gate_proj.weight': [344, 128],
    'mlp.up_proj.weight': [344, 128],
    'mlp.down_proj.weight': [128, 344],
    'input_layernorm.weight': [128],
    'post_attention_layernorm.weight': [128]
  }),
  'model.norm.weight': [128],
  'lm_head.weight': [1000, 128]
}

/** A Llama as Meta names it. */
export const metaLlama = {
  'tok_embeddings.weight': [1000, 128],
  ...repeated(2, 'layers.', {
    'attention.wq.weight': [128, 128],
    'attention.wk.weight': [128, 128],
    'attention.wv.weight': [128, 128],
    'attention.wo.weight': [128, 128],
    'feed_forward.w1.weight': [344, 128],
    'feed_forward.w2.weight': [128, 344],
    'feed_forward.w3.weight': [344, 128],
    'attention_norm.weight': [128],
    'ffn_norm.weight': [128]
  }),
  'norm.weight': [128],
  'output.weight': [1000, 128]
}

/** Names somebody typed: no module for attention, matrices x · W, one table of positions. */
export const handWritten = {
  'module.tok_emb': [300, 48],
  'module.pos_emb': [64, 48],
  ...repeated(2, 'module.blocks.', {
    wq: [48, 48],
    bq: [48],
    wk: [48, 48],
    bk: [48],
    wv: [48, 48],
    bv: [48],
    wo: [48, 48],
    bo: [48],
    w1: [48, 96],
    b1: [96],
    w2: [96, 48],
    b2: [48],
    'ln1.g': [48],
    'ln1.b': [48],
    'ln2.g': [48],
    'ln2.b': [48]
  }),
  'module.ln_f.g': [48],
  'module.ln_f.b': [48]
}

/** The GPT of a well-known lecture: a matrix for each head. */
export const lecture = {
  'token_embedding_table.weight': [65, 64],
  'position_embedding_table.weight': [32, 64],
  ...repeated(2, 'blocks.', {
    ...repeated(4, 'sa.heads.', {
      tril: [32, 32],
      'key.weight': [16, 64],
      'query.weight': [16, 64],
      'value.weight': [16, 64]
    }),
    ...linear('sa.proj', 64, 64),
    ...linear('ffwd.net.0', 64, 256),
    ...linear('ffwd.net.2', 256, 64),
    ...layerNorm('ln1', 64),
    ...layerNorm('ln2', 64)
  }),
  ...layerNorm('ln_f', 64),
  ...linear('lm_head', 64, 65)
}

/** TransformerLens's own names: every head has an axis of its own. */
export const transformerLens = {
  'embed.W_E': [100, 32],
  'pos_embed.W_pos': [24, 32],
  ...repeated(2, 'blocks.', {
    'ln1.w': [32],
    'ln1.b': [32],
    'ln2.w': [32],
    'ln2.b': [32],
    'attn.W_Q': [4, 32, 8],
    'attn.W_O': [4, 8, 32],
    'attn.b_Q': [4, 8],
    'attn.b_O': [32],
    'attn.W_K': [4, 32, 8],
    'attn.W_V': [4, 32, 8],
    'attn.b_K': [4, 8],
    'attn.b_V': [4, 8],
    'attn.mask': [24, 24],
    'mlp.W_in': [32, 128],
    'mlp.b_in': [128],
    'mlp.W_out': [128, 32],
    'mlp.b_out': [32]
  }),
  'ln_final.w': [32],
  'ln_final.b': [32],
  'unembed.W_U': [32, 100],
  'unembed.b_U': [100]
}
