import type { ModelRef } from '../model/model-ref.ts'
import { countText, exactCount } from '../text/number-text.ts'
import { lastPart } from '../text/last-part.ts'
import { modelNameAmong } from '../text/model-names.ts'
import { inItsDirection } from '../text/token-text.ts'
import { visibleText } from '../text/visible-text.ts'
import { facts, heading, mono, paragraph, type Block } from './report-document.ts'
import type { ReportedModel, ReportedSession } from './reported-session.ts'

/** Models with what tells them from others, and what their reading took for granted. */
export function modelBlocks(session: Pick<ReportedSession, 'models'>): Block[] {
  return session.models.flatMap(model => modelBlock(model, modelName(session, model.info)))
}

/**
 * What a model is called within a line, told from another one of its name; folders of the machine are not told.
 * @param then what it was called once, for one that is not known any more
 */
export function modelName(
  { models }: Pick<ReportedSession, 'models'>,
  { path, fingerprint }: ModelRef,
  then = lastPart(path)
): string {
  const isIt = ({ info, formerly }: ReportedModel) =>
    info.path === path && [info.fingerprint, ...formerly].includes(fingerprint)
  const told = models.map(({ info }) => info)
  const known = models.find(isIt)?.info
  // One of which the session keeps nothing is another than what it knows at that path.
  const there = told.find(info => info.path === path)
  return inItsDirection(modelNameAmong(told, known ?? { name: there?.name ?? then, fingerprint }))
}

/** What the folder of a model is called in commands. */
export function folderName({ models }: Pick<ReportedSession, 'models'>, path: string): string {
  return visibleText(models.find(({ info }) => info.path === path)?.info.name ?? lastPart(path))
}

function modelBlock({ info, state, formerly }: ReportedModel, called: string): Block[] {
  const { family, config, parameters, fingerprint, tokenizer, notes, limits, ties } = info
  return [
    heading(2, called),
    facts([
      ['Fingerprint', [mono(fingerprint)]],
      ['Where it lay before', formerly.length === 0 ? null : [mono(formerly.join(', '))]],
      ['Family', family],
      ['Layers × heads', config && `${config.nLayers} × ${config.nHeads}`],
      ['Widths', config && widthsText(config)],
      ['Parameters', `${exactCount(parameters)} (${countText(parameters)})`],
      ['Tokenizer', tokenizer],
      ['Tied', ties.map(visibleText).join('; ')],
      ['Its files', states[state]]
    ]),
    ...[...limits, ...notes].map(note => paragraph(visibleText(note)))
  ]
}

function widthsText(config: NonNullable<ReportedModel['info']['config']>): string {
  const { dModel, dHead, dMlp, dVocab, nCtx, nKeyValueHeads, nHeads } = config
  return [
    `d_model ${exactCount(dModel)}`,
    `d_head ${exactCount(dHead)}`,
    `d_mlp ${exactCount(dMlp)}`,
    ...(nKeyValueHeads === nHeads ? [] : [`key/value heads ${nKeyValueHeads}`]),
    `vocabulary ${exactCount(dVocab)}`,
    `context ${exactCount(nCtx)}`
  ].join(', ')
}

const states = {
  here: 'as they were, as this was made',
  missing: 'not there as this was made: what the session keeps is shown, and nothing else',
  unreadable: 'not to be read as this was made: what the session keeps is shown, and nothing else',
  changed: 'others as this was made: what the session keeps is shown, and nothing of those'
} as const
