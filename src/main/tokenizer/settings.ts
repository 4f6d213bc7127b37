import type { Companions } from './companions.ts'
import {
  addedToken,
  record,
  withTokens,
  type Step,
  type TokenizerDefinition
} from './definition.ts'
import { template } from './post-processors.ts'
import { isKnown, type StatedClass } from './tokenizer-class.ts'

/** Classes whose own settings count for more than the normalizer of their tokenizer.json. */
const bertLike =
  /^(Bert|DistilBert|Electra|MobileBert|ConvBert|LayoutLM|Lxmert|SqueezeBert|Retribert|Realm|MPNet|Funnel|DPR\w+)$/

/** Classes that say themselves whether a space is put before a text. */
const spaced = /^(GPT2|Roberta|Bart|Longformer|LED|Mvp|Blenderbot|Deberta|CodeGen|GPTNeoX|Whisper)$/

/** Classes that put around a text what the settings say; of others it belongs to the class. */
const settled = /^(Llama|CodeLlama|Gemma|Cohere|GPT2|OPT|Qwen2)$/

/** What the files beside a tokenizer.json change of it, as `transformers` reads them. */
export function withSettings(
  definition: TokenizerDefinition,
  companions: Companions,
  stated: StatedClass | null
): TokenizerDefinition {
  const { settings } = companions
  const isStated = stated?.file === 'tokenizer_config.json'
  const declared = companions.declared.map(({ content, flags }) => addedToken(0, content, flags))
  const complete = withTokens(definition, declared, 'tokenizer_config.json')
  const changed = { ...complete, notes: [...(definition.notes ?? []), ...classNotes(stated)] }
  if (isStated && bertLike.test(stated.name) && definition.normalizer?.type === 'BertNormalizer')
    changed.normalizer = bertNormalizer(definition.normalizer, settings)
  if (isStated && spaced.test(stated.name) && definition.pre_tokenizer?.type === 'ByteLevel')
    changed.pre_tokenizer = {
      ...definition.pre_tokenizer,
      add_prefix_space: settings['add_prefix_space'] === true
    }
  const isOpen = stated === null || stated.file === null || settled.test(stated.name)
  const around = isOpen ? aroundOf(complete, companions) : undefined
  return around === undefined ? changed : { ...changed, post_processor: around }
}

/** Of a class that is not known its tokenizer.json alone is read. */
function classNotes(stated: StatedClass | null): string[] {
  if (stated === null || isKnown(stated)) return []
  return [
    `The tokenizer class ${stated.name}Tokenizer is not known: tokenizer.json is read as it stands.`
  ]
}

/** Of BERT's class, whose defaults hold where the settings say nothing. */
function bertNormalizer(step: Step, settings: Readonly<Record<string, unknown>>): Step {
  return {
    ...step,
    lowercase: settings['do_lower_case'] !== false,
    strip_accents: settings['strip_accents'] ?? null,
    handle_chinese_chars: settings['tokenize_chinese_chars'] !== false
  }
}

/** What is put around a text where the settings say so; undefined where they do not. */
function aroundOf(
  definition: TokenizerDefinition,
  companions: Companions
): Step | null | undefined {
  const { add_bos_token: start, add_eos_token: end } = companions.settings
  if (typeof start !== 'boolean' && typeof end !== 'boolean') return undefined
  const vocab = record(definition.model['vocab'])
  const idOf = (piece: string) => {
    const added = definition.added_tokens.find(({ content }) => content === piece)
    return added?.id ?? (vocab?.[piece] as number | undefined)
  }
  return template(
    start === true ? companions.placed([['bos_token']], idOf) : [],
    end === true ? companions.placed([['eos_token']], idOf) : []
  )
}
