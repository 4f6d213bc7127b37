import type { Analysis } from '#common/analysis/analysis.ts'
import { cutAttributes } from '#common/analysis/cut-attributes.ts'
import type { Cut } from '#common/analysis/subject.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import type { Edit } from '#common/model/edit.ts'
import type { ProviderChoice } from '#common/model/provider.ts'

type Attribute = Dataset['attributes'][string]

/** What a result says of the analysis and its model. */
export function attributesOf(
  analysis: Pick<Analysis, 'name' | 'version'>,
  params: unknown,
  model: { readonly info: ModelInfo }
): Dataset['attributes'] {
  return {
    analysis: analysis.name,
    version: analysis.version,
    params: JSON.parse(jsonOf(params)) as Attribute,
    ...modelOf(model)
  }
}

/** What a result says of a model. */
export function modelOf({ info }: { readonly info: ModelInfo }) {
  return { model: info.name, fingerprint: info.fingerprint }
}

/** What a result says of how a run was made. */
export function madeWith(edits: readonly Edit[], provider: ProviderChoice): Dataset['attributes'] {
  return {
    provider,
    ...(edits.length > 0 && { edits: JSON.parse(jsonOf(edits)) as Attribute })
  }
}

/** What a result says of how its texts were read, and how exactly their values were taken. */
export function readAs(cut: Cut, exact: boolean): Dataset['attributes'] {
  return { ...cutAttributes(cut), precision: exact ? 'float32' : 'float16' }
}

/** Params have been through their schema, which puts their keys in one order. */
export function jsonOf(params: unknown): string {
  return JSON.stringify(params)
}
