import type { Ops } from './ir.ts'
import { elementwise } from './ops/elementwise.ts'
import { indexing } from './ops/indexing.ts'
import { layout } from './ops/layout.ts'
import { logic } from './ops/logic.ts'
import { normalization } from './ops/normalization.ts'
import { product } from './ops/product.ts'
import { reduction } from './ops/reduction.ts'

/** The op table: for each op the shape of its result, its gradient, and how ONNX writes it. */
export const ops: Ops = {
  ...elementwise,
  ...logic,
  ...product,
  ...normalization,
  ...reduction,
  ...layout,
  ...indexing
}
