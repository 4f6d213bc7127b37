import type { Provider } from '#common/model/provider.ts'
import type { Model } from '../model/model.ts'
import type { OnnxGraph } from '../model/onnx-graph.ts'
import { partOf, type Part } from './parts.ts'

/** A model that its own ONNX graph runs. */
export type OnnxRunnable = Model & { readonly onnx: OnnxGraph }

/** The graph up to the last residual. */
export function bodyPart(model: OnnxRunnable, provider: Provider): Part {
  return partOf(model, provider, 'onnx body', model.onnx.body)
}

/** The graph from the last residual on. */
export function headPart(model: OnnxRunnable, provider: Provider): Part {
  return partOf(model, provider, 'onnx head', model.onnx.head)
}
