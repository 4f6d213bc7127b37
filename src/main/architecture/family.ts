import type { TransformerDescription } from '#common/model/spec.ts'
import type { ConfigReader } from './config-reader.ts'
import type { TensorTable } from './tensor-table.ts'

/** How one family of models says what it is. */
export interface Family {
  readonly name: string
  /** Values of config.json's `model_type` it reads. */
  readonly modelTypes: readonly string[]
  /** @throws LamellaError naming the field of config.json that cannot be */
  describe(config: ConfigReader, tensors: TensorTable): TransformerDescription
}
