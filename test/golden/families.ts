/** The folders beside this file that hold a tiny model and what PyTorch computes of it. */
export const families = [
  'gpt2',
  'gpt_bigcode',
  'gpt_neo',
  'gpt_neox',
  'gptj',
  'codegen',
  'opt',
  'bloom',
  'mpt',
  'falcon',
  'falcon-alibi',
  'phi',
  'llama',
  'llama-linear',
  'llama-dynamic',
  'llama-yarn',
  'llama-llama3',
  'mistral',
  'qwen2',
  'qwen3',
  'gemma',
  'gemma2',
  'gemma3',
  'olmo2',
  'olmo3',
  'phi3',
  'phi3-longrope',
  'stablelm',
  'smollm3',
  'starcoder2',
  'cohere2',
  'granite',
  'bert',
  'roberta',
  'xlm-roberta',
  'distilbert',
  'electra',
  'albert',
  'modernbert'
]

/** Those of them that see the whole text, with a head that has an activation of its own. */
export const encoders = [
  'bert',
  'roberta',
  'xlm-roberta',
  'distilbert',
  'electra',
  'albert',
  'modernbert'
]

/** What the software GPU, which is slow, checks: learned and rotary positions, groups, caps, biases, encoders. */
export const onWebgpu: readonly string[] = [
  'gpt2',
  'gpt_neox',
  'gptj',
  'codegen',
  'bloom',
  'falcon',
  'llama',
  'granite',
  'gemma2',
  'bert',
  'modernbert'
]
