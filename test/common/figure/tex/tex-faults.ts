/** Macros that a picture may use, by what has them. */
const known = {
  latex:
    'begin end bfseries boldmath bgroup egroup def directlua empty fi fontsize ifdefined providecommand rmfamily selectfont ' +
    'mathsf mbox sffamily symbol textasciicircum textasciitilde textbackslash textbar textcolor textgreater textless textquotedblleft ' +
    'textquotedblright textendash textemdash ldots ttfamily',
  luatex: 'textdir',
  xetex: 'XeTeXrevision TeXXeTstate beginR endR',
  maths:
    'alpha bullet cdot cdots diamond downarrow geq hookleftarrow langle leftarrow leq mapsto rangle rightarrow surd times uparrow',
  pgfplots:
    'addplot clip draw fill node path pgfpathrectangle pgfqpoint pgfsetfillcolor pgfusepath shade tikz useasboundingbox',
  own: 'lamellacell lamellafromright'
}
const macros = new Set(Object.values(known).flatMap(names => names.split(' ')))
const environments = new Set(['tikzpicture', 'axis', 'scope'])

/** What a reader of TeX would stumble over in a picture that needs pgfplots alone: each in words, with its line. */
export function texFaults(source: string): string[] {
  const faults: string[] = []
  const opened: string[] = []
  source.split('\n').forEach((line, i) => {
    const fault = (what: string) => faults.push(`line ${i + 1}: ${what}`)
    const close = (what: string) => {
      const last = opened.pop()
      if (last !== what) fault(`${what} ends where ${last ?? 'nothing'} began`)
    }
    const tokens =
      /\\(?<bound>begin|end)\{(?<name>[^}]*)\}|\\(?<macro>[a-zA-Z@]+)|\\.|(?<comment>%.*)|(?<sign>[{}$&#~^_])/gu
    for (const { groups = {} } of line.matchAll(tokens)) {
      const { bound, name = '', macro, sign } = groups
      if (bound && !environments.has(name)) fault(`the environment ${name} is not known`)
      if (bound === 'begin') opened.push(name)
      else if (bound === 'end') close(name)
      else if (macro && !macros.has(macro)) fault(`\\${macro} is of no package that is loaded`)
      else if (sign === '{') opened.push('{')
      else if (sign === '}') close('{')
      else if (sign === '$' && opened.at(-1) === '$') opened.pop()
      else if (sign === '$') opened.push('$')
      else if (sign && !/\\(?:def|providecommand)/.test(line)) fault(`${sign} stands bare`)
    }
  })
  if (opened.length > 0) faults.push(`${opened.join(', ')} does not end`)
  if (/NaN|undefined|Infinity/.test(source)) faults.push('a number is not known')
  return faults
}
