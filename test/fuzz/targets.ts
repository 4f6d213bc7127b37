import type { Target } from './case.ts'
import { onnx } from './targets/onnx.ts'
import { pickle } from './targets/pickle.ts'
import { planted } from './targets/planted.ts'
import { safetensors } from './targets/safetensors.ts'
import { tokenizer } from './targets/tokenizer.ts'
import { zip } from './targets/zip.ts'

export const targets: ReadonlyMap<string, Target> = new Map([
  ['safetensors', safetensors],
  ['pickle', pickle],
  ['zip', zip],
  ['onnx', onnx],
  ['tokenizer', tokenizer],
  ['planted', planted]
])
