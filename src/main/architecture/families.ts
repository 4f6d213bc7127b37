import { gemma, gemma2, gemma3 } from './families/gemma.ts'
import { gpt2 } from './families/gpt2.ts'
import { llama } from './families/llama.ts'
import { mistral } from './families/mistral.ts'
import { olmo2 } from './families/olmo2.ts'
import { phi3 } from './families/phi3.ts'
import { qwen2, qwen3 } from './families/qwen.ts'
import { smollm3 } from './families/smollm3.ts'
import { stablelm } from './families/stablelm.ts'
import type { Family } from './family.ts'

/** Every family that runs. */
export const families: readonly Family[] = [
  gpt2,
  llama,
  mistral,
  qwen2,
  qwen3,
  gemma,
  gemma2,
  gemma3,
  olmo2,
  phi3,
  stablelm,
  smollm3
]
