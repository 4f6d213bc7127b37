import { LamellaError } from '#common/model/errors.ts'
import { shown } from './definition.ts'

/** Languages of mBART, in the order of their tokens. */
export const mbartLanguages = words(
  'ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT lv_LV my_MM ne_NP nl_XX ro_RO ' +
    'ru_RU si_LK tr_TR vi_VN zh_CN'
)

/** The same of mBART-50. */
export const mbart50Languages = [
  ...mbartLanguages,
  ...words(
    'af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN mr_IN pl_PL ps_AF pt_XX sv_SE sw_KE ta_IN te_IN ' +
      'th_TH tl_XX uk_UA ur_PK xh_ZA gl_ES sl_SI'
  )
]

/** The same of M2M-100. */
export const m2m100Languages = words(
  'af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi hr ht hu hy id ig ' +
    'ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so ' +
    'sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu'
)

/** The same of its variants for WMT 2021. */
export const wmt21Languages = words('en ha is ja cs ru zh de')

/**
 * The language of texts, as the settings of a tokenizer say it.
 * @throws LamellaError where it is none of those
 */
export function languageOf(
  { src_lang: stated }: Readonly<Record<string, unknown>>,
  languages: readonly string[],
  usually: string
): string {
  const language = typeof stated === 'string' ? stated : usually
  if (languages.includes(language)) return language
  throw new LamellaError(
    'unsupported',
    `tokenizer_config.json: src_lang ${shown(language)} is no language of its class`,
    'Token ids can be typed by hand.'
  )
}

function words(text: string): string[] {
  return text.split(' ')
}
