/** A sign that a spreadsheet takes for the beginning of a formula; a number with a sign is none. */
const formula = /[=+@]|-(?!\d+(?:\.\d+)?(?:e[+-]?\d+)?[,\]}])/.source

/** What makes a formula behind a comma or a semicolon, at which spreadsheets cut a line: what is before the sign, and that. */
export const formulaBehind = new RegExp(`([,;]["'\\s]*)(${formula})`, 'g')

/** Commas and semicolons before such a sign, or at the end of a word, behind which anything may stand. */
export const cutBeforeFormula = new RegExp(`[,;](?=["'\\s]*(?:${formula}|$))`, 'g')
