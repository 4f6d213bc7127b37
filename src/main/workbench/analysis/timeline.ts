import { z } from 'zod'
import type { Analysis } from '#common/analysis/analysis.ts'
import { analysisNamed } from '#common/analysis/registry.ts'
import type { AnalysisSubject, Corpus } from '#common/analysis/subject.ts'
import {
  otherAxes,
  timelineDataset,
  timelinePart,
  type TimelinePoint
} from '#common/analysis/timeline/timeline-dataset.ts'
import {
  timeline,
  timelineVariable,
  type TimelineParams
} from '#common/analysis/timeline/timeline.ts'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import type { CheckpointFolder } from '#common/contract/schemas.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { quoted } from '../../files/file-error.ts'
import { asStep } from '../as-step.ts'
import { checkpointsAround } from '../model/checkpoints-around.ts'
import type { Model } from '../model/model.ts'
import type { OpenModels } from '../model/open-models.ts'
import { tokenize } from '../model/tokenize.ts'
import { checkedParams, checkSubjects } from './checked-params.ts'

type Checkpoint = CheckpointFolder['checkpoints'][number]

/**
 * An analysis of each checkpoint of a folder, one after the other: each is open for as long as it is looked at. What each comes
 * to is kept as of any model, so that one that was cancelled goes on from there.
 * @param analyse computes an analysis of one model
 */
export function createTimeline(models: OpenModels, analyse: Handlers['analysis.run']) {
  return async function timelineOf(
    { params: given, of: subject, with: other }: AnalysisRequest,
    context: HandlerContext
  ): Promise<Dataset> {
    checkSubjects(timeline, other)
    const params = checkedParams(timeline, given)
    const { analysis, variable } = checkedVariable(params, subject)
    const asked = models.resolve(subject.model)
    const { signal } = context
    const { path, checkpoints, left } = await checkpointsAround(
      params.folder ?? asked.info.path,
      signal
    )
    const leftOut = [...left]
    const points: TimelinePoint[] = []
    let firstError: LamellaError | null = null
    let splitBy: string | null = null

    for (const [i, checkpoint] of checkpoints.entries()) {
      try {
        points.push(await pointOf(checkpoint, i))
      } catch (thrown) {
        signal.throwIfAborted()
        const error = toLamellaError(thrown)
        firstError ??= error
        leftOut.push(`${quoted(checkpoint.name)}: ${reasonOf(error, checkpoint)}`)
      }
    }
    if (points.length === 0) throw firstError!

    async function pointOf({ name, path, step }: Checkpoint, i: number): Promise<TimelinePoint> {
      const total = checkpoints.length
      const within = asStep(context, { before: `${name}: `, done: i, total })
      within.progress({ label: 'Opening', done: 0, total: 0 })
      return models.useBriefly(path, signal, async (model, client) => {
        const { path, fingerprint } = model.info
        const corpus = subject.corpus && (await readableBy(model, subject.corpus))
        const request = {
          ...{ name: analysis.name, params: params.params, with: null },
          of: { ...subject, model: { path, fingerprint }, corpus }
        }
        const result = await analyse(request, { ...within, client })
        if (!(variable in result.variables))
          throw new LamellaError('unsupported', `${analysis.name} gives no ${variable} of it`)
        const part = timelinePart(result, variable)
        const [first] = points
        const other = first === undefined ? null : otherAxes(first.result, part)
        if (other !== null) throw new LamellaError('unsupported', `${other}, as of ${first!.name}`)
        return { name, step, fingerprint, result: part }
      })
    }

    /** Checkpoints are often without the tokenizer: then that of the model that was asked of splits texts. */
    async function readableBy(model: Model, corpus: Corpus): Promise<Corpus> {
      if (model.tokenizer !== null || asked.tokenizer === null) return corpus
      const inputs: Corpus['inputs'] = []
      for (const input of corpus.inputs) {
        if (!('text' in input)) inputs.push(input)
        else {
          splitBy = asked.info.name
          const tokens = await tokenize(asked, input.text, signal)
          inputs.push({ ids: tokens.map(({ id }) => id) })
        }
      }
      return { ...corpus, inputs }
    }

    const { provider, edits } = subject
    const result = timelineDataset(points, variable)
    return {
      ...result,
      attributes: {
        ...{ analysis: timeline.name, version: timeline.version, params: plain(params) },
        ...{ model: asked.info.name, fingerprint: asked.info.fingerprint, folder: path },
        ...(!isOfWeights(analysis, params.params) && { provider }),
        ...(edits.length > 0 && { edits: plain(edits) }),
        ...(splitBy !== null && { split_by: splitBy }),
        ...result.attributes,
        ...(leftOut.length > 0 && { left_out: leftOut })
      }
    }
  }
}

/**
 * What a timeline is of, seen to before any checkpoint is opened.
 * @throws LamellaError `invalid-argument`
 */
function checkedVariable({ of, params }: TimelineParams, { corpus }: AnalysisSubject) {
  const { analysis: name, variable } = timelineVariable(of)
  const analysis = analysisNamed(name)
  const refuse = (message: string, hint?: string) =>
    new LamellaError('invalid-argument', message, hint)
  if (analysis.compares)
    throw refuse(`${name}: compares two models; a timeline is of one at a time`)
  const names = analysis.gives.map(({ name }) => name)
  if (!names.includes(variable))
    throw refuse(
      `${of}: ${name} gives no ${JSON.stringify(variable)}`,
      `It gives ${names.join(', ')}.`
    )
  if (isOfWeights(analysis, checkedParams(analysis, params))) {
    if (corpus !== null) throw refuse(`${name}: is of the model's weights; it takes no text`)
  } else if (corpus === null && analysis.windows === undefined)
    throw refuse(`${name}: a text is needed, or token ids`)
  return { analysis, variable }
}

/** Errors of a folder begin with its name, or with its path. */
function reasonOf({ message }: LamellaError, { name, path }: Checkpoint): string {
  const begins = [name, path].map(own => `${own}: `).find(own => message.startsWith(own)) ?? ''
  return message.slice(begins.length)
}

function isOfWeights(analysis: Analysis, params: unknown): boolean {
  return analysis.of === 'weights' || analysis.ofWeights?.(params) === true
}

function plain(value: unknown): Dataset['attributes'][string] {
  return z.json().parse(JSON.parse(JSON.stringify(value)))
}
