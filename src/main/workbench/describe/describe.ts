import type { Handlers } from '#common/contract/rpc.ts'
import type { Reading } from '#common/model/describe-reading.ts'
import { toLamellaError } from '#common/model/errors.ts'
import { answersOf } from '../../architecture/describe/answers.ts'
import { describedSpec } from '../../architecture/describe/described.ts'
import { withoutUnitAxes } from '../../architecture/describe/flat-tables.ts'
import type { TensorTable } from '../../architecture/tensor-table.ts'
import type { Engine } from '../../engine/client.ts'
import { ReaderDied } from '../../reader/client.ts'
import type { Descriptions } from '../model/descriptions.ts'
import { checkDescription } from './describe-check.ts'
import { characterQuestion, charactersProblem } from './describe-characters.ts'
import type { Forward } from '../run/forward.ts'
import type { Model } from '../model/model.ts'
import type { OpenModels } from '../model/open-models.ts'
import type { Runnable } from '../run/runnable.ts'

/** What *Describe this model* asks of the workbench. */
export interface Describe {
  readonly handlers: Pick<Handlers, 'describe.infer' | 'describe.check' | 'describe.save'>
}

export function createDescribe(
  models: OpenModels,
  forward: Forward<Runnable>,
  descriptions: Descriptions,
  engine: Engine
): Describe {
  return {
    handlers: {
      'describe.infer': ({ modelId, answers }) => infer(models.get(modelId), answers),

      async 'describe.check'({ modelId, description, text, characters }, context) {
        const model = models.get(modelId)
        const tensors = withoutUnitAxes(model.checkpoint.tensors)
        const spec = describedSpec(description, tensors, 'description')
        const subject = { model, spec, checkpoint: { ...model.checkpoint, tensors } }
        return checkDescription(forward, engine, subject, { text, characters }, context)
      },

      async 'describe.save'({ modelId, description, sampleText, characters }, context) {
        const { checkpoint, folder, info, reader } = models.get(modelId)
        describedSpec(description, withoutUnitAxes(checkpoint.tensors), 'description')
        const before = await reader.ask('lamellaFile', { folder }).catch((error: unknown) => {
          // What is no description is replaced; what could not be read may say more than is saved.
          const isRead = toLamellaError(error).code === 'file-invalid'
          if (!isRead || error instanceof ReaderDied) throw error
          return null
        })
        const savedTo = await descriptions.save(folder, checkpoint, before, {
          ...(sampleText === null ? {} : { sampleText }),
          ...(characters === null ? {} : { characters }),
          model: description
        })
        const model = await models.handlers['models.open'](
          { path: info.path },
          { ...context, progress: () => undefined }
        )
        return { savedTo, model }
      }
    }
  }
}

/** A reading; of a model that is described already, by the answers of its description where none are given. */
async function infer(model: Model, given: Readonly<Record<string, string>>): Promise<Reading> {
  const { checkpoint, spec, tokenizer, info, reader, fields } = model
  const known = info.family === 'described' && spec !== null ? answersOf(spec) : {}
  const answers = { ...known, ...given }
  const reading = await reader.ask('infer', {
    tensors: shapesOf(withoutUnitAxes(checkpoint.tensors)),
    answers,
    vocabulary: tokenizer?.vocabularySize ?? null,
    fields
  })
  const characters = answers.characters ?? ''
  if (tokenizer !== null || reading.description === null) return reading
  const { dVocab } = reading.description
  const problem = charactersProblem(characters, dVocab)
  return {
    ...reading,
    questions: [...reading.questions, characterQuestion(characters, dVocab)],
    problems: problem === null ? reading.problems : [...reading.problems, problem]
  }
}

/** What a reading goes by: where the tensors lie says nothing. */
function shapesOf(tensors: TensorTable): TensorTable {
  return new Map([...tensors].map(([name, { dtype, shape }]) => [name, { dtype, shape }]))
}
