import type { TransformerDescription } from '#common/model/spec.ts'
import type { ConfigReader } from './config-reader.ts'
import type { TensorTable } from './tensor-table.ts'

/** How one family of models says what it is. */
export interface Family {
  readonly name: string
  /** Values of config.json's `model_type` it reads. */
  readonly modelTypes: readonly string[]
  /** Other names that fields of config.json go by, each by the field's own: transformers' `attribute_map`. */
  readonly aliases?: Readonly<Record<string, string>>
  /**
   * Fields of config.json that tell it from families whose tensors have the same names, where nothing names the family:
   * it has one of them, and those without such fields have none.
   */
  readonly fields?: readonly string[]
  /** What its checkpoints do not say and the reading assumes, in sentences. */
  readonly assumes?: (config: ConfigReader, tensors: TensorTable) => readonly string[]
  /** @throws LamellaError naming the field of config.json that cannot be */
  describe(config: ConfigReader, tensors: TensorTable): TransformerDescription
}
