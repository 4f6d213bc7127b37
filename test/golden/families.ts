/** The folders beside this file that hold a tiny model and what PyTorch computes of it. */
export const families = [
  'gpt2',
  'gpt_neo',
  'gpt_neox',
  'gptj',
  'opt',
  'bloom',
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
  'phi3',
  'phi3-longrope',
  'stablelm',
  'bert',
  'roberta',
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
  'bloom',
  'falcon',
  'llama',
  'gemma2',
  'bert',
  'modernbert'
]
