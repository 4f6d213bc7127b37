import { albert } from './families/albert.ts'
import { bert } from './families/bert.ts'
import { bloom } from './families/bloom.ts'
import { codegen } from './families/codegen.ts'
import { cohere2 } from './families/cohere2.ts'
import { distilbert } from './families/distilbert.ts'
import { electra } from './families/electra.ts'
import { falcon } from './families/falcon.ts'
import { gemma, gemma2, gemma3 } from './families/gemma.ts'
import { gpt2 } from './families/gpt2.ts'
import { gptBigcode } from './families/gpt-bigcode.ts'
import { gptNeo } from './families/gpt-neo.ts'
import { gptNeox } from './families/gpt-neox.ts'
import { gptOss } from './families/gpt-oss.ts'
import { gptj } from './families/gptj.ts'
import { granite } from './families/granite.ts'
import { llama } from './families/llama.ts'
import { metaLlama } from './families/meta-llama.ts'
import { mistral } from './families/mistral.ts'
import { mixtral } from './families/mixtral.ts'
import { modernbert } from './families/modernbert.ts'
import { mpnet } from './families/mpnet.ts'
import { mpt } from './families/mpt.ts'
import { nanogpt } from './families/nanogpt.ts'
import { olmo2 } from './families/olmo2.ts'
import { olmo3 } from './families/olmo3.ts'
import { opt } from './families/opt.ts'
import { phi } from './families/phi.ts'
import { phi3 } from './families/phi3.ts'
import { qwen2, qwen3 } from './families/qwen.ts'
import { qwen2Moe, qwen3Moe } from './families/qwen-moe.ts'
import { roberta } from './families/roberta.ts'
import { smollm3 } from './families/smollm3.ts'
import { stablelm } from './families/stablelm.ts'
import { starcoder2 } from './families/starcoder2.ts'
import { transformerLens } from './families/transformer-lens.ts'
import { xglm } from './families/xglm.ts'
import type { Family } from './family.ts'

/** Every family that runs. */
export const families: readonly Family[] = [
  gpt2,
  gptBigcode,
  gptNeo,
  gptNeox,
  gptj,
  codegen,
  opt,
  xglm,
  bloom,
  mpt,
  falcon,
  phi,
  llama,
  mistral,
  mixtral,
  qwen2,
  qwen2Moe,
  qwen3,
  qwen3Moe,
  gptOss,
  gemma,
  gemma2,
  gemma3,
  olmo2,
  olmo3,
  phi3,
  stablelm,
  smollm3,
  starcoder2,
  cohere2,
  granite,
  bert,
  roberta,
  distilbert,
  electra,
  albert,
  modernbert,
  mpnet,
  nanogpt,
  metaLlama,
  transformerLens
]
