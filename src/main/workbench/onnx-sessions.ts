import type { Provider } from '#common/contract/schemas.ts'
import type { OnnxTransformer } from '../architecture/onnx/onnx-transformer.ts'
import type { Model } from './model.ts'
import { partSession, type PartSession } from './sessions.ts'

/** A model that its own ONNX graph runs. */
export type OnnxRunnable = Model & { readonly onnx: OnnxTransformer }

/** The graph up to the last residual. */
export function bodySession(model: OnnxRunnable, provider: Provider): PartSession {
  return partSession(model, provider, 'onnx body', model.onnx.body)
}

/** The graph from the last residual on. */
export function headSession(model: OnnxRunnable, provider: Provider): PartSession {
  return partSession(model, provider, 'onnx head', model.onnx.head)
}
