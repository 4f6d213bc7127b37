import { Command, Option } from 'commander'
import { figureFonts, presetNames } from '#common/figure/presets.ts'
import { headVisView } from '#common/figure/views/headvis-view.ts'
import { providers } from '#common/model/provider.ts'
import { sides, type Sides } from '#common/analysis/sides.ts'
import { vocabularyKinds, vocabularyOrders } from '#common/model/vocabulary.ts'
import { plainSplits } from '#common/text/plain-split.ts'
import type { CorpusInput } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { FigureThreads } from '../../figure/figure-thread.ts'
import { analyse, listAnalyses, type AnalyseOptions } from './analyse.ts'
import { info, predict, type RunOptions } from './commands.ts'
import { editsWith } from './edits.ts'
import { figure, millimetres, type FigureOptions } from './figure.ts'
import { listFigures } from './figures.ts'
import { generate } from './generate.ts'
import { gradient } from './gradient.ts'
import { harvest, type HarvestOptions } from './harvest.ts'
import { headVis, type HeadVisOptions } from './headvis.ts'
import { headVisFigure } from './headvis-figure.ts'
import { heads, tokenClass } from './heads.ts'
import type { HeadsOptions } from './heads-options.ts'
import {
  headPlace,
  integer,
  chatTurns,
  labelIds,
  positions,
  positive,
  tokenIds,
  userPath
} from './input.ts'
import { setting } from './settings.ts'
import { probabilityTarget, typedTarget, type TargetOptions } from './target.ts'
import { mostDifference, readingFlag, session, type SessionOptions } from './session.ts'
import { sessionFigure } from './session-figure.ts'
import { timelineOfFolder, type TimelineOptions } from './timeline.ts'
import { tokens, type TokensOptions } from './tokens.ts'
import { vocabulary } from './vocabulary.ts'
import { trace } from './trace.ts'
import { typedCommand } from './typed-command.ts'
import type { RunMade } from './save-run.ts'
import { ranges, weights } from './weights.ts'

/** What the commands need from their surroundings. */
export interface CommandLine {
  readonly version: string
  readonly figures: FigureThreads
  readonly print: (text: string) => void
  readonly printError: (text: string) => void
  /** Aborted when the user presses Ctrl+C or the system asks; asked for once, by every command but `serve`. */
  interrupted(): AbortSignal
  /**
   * Runs with a client of a workbench that lives as long.
   * @param anew whether nothing that was computed before is used
   */
  withClient(use: (client: Client) => Promise<void>, anew?: boolean): Promise<void>
  serve(options: {
    readonly folder: string | undefined
    readonly port: number | undefined
    readonly open: boolean
  }): Promise<void>
}

/** What a command does with a model folder; it gives what is printed. */
type RunCommand<O> = (
  client: Client,
  folder: string,
  options: O,
  warn: (line: string) => void,
  made: RunMade
) => Promise<string>

/** Runs with a client whose calls end when the user wants no more of them. */
function withClient(
  line: CommandLine,
  use: (client: Client, signal: AbortSignal) => Promise<void>,
  anew = false
): Promise<void> {
  const signal = line.interrupted()
  return line.withClient(
    client =>
      use(
        {
          ...client,
          call: (method, params, options) => client.call(method, params, { signal, ...options })
        },
        signal
      ),
    anew
  )
}

/**
 * The command line's commands. Wrong usage throws a CommanderError.
 * @param words that are typed
 */
export function program(line: CommandLine, words: readonly string[]): Command {
  const root = new Command('lamella')
    .description('Look inside transformer models')
    .version(line.version)
    .exitOverride()
    .configureOutput({ writeOut: line.print, writeErr: line.printError })
  let again = ''
  root.hook('preAction', (_, command) => {
    again = typedCommand(command, words)
  })
  /** For what the result of a command says of how it is made again. */
  const told = () => ({ ...line, again })
  const asked =
    <O>(command: RunCommand<O>) =>
    (folder: string, options: O) =>
      withClient(line, async client => {
        const warn = (text: string) => line.printError(`${text}\n`)
        line.print(`${await command(client, folder, options, warn, told())}\n`)
      })
  const text = () => new Option('--text <text>', 'the text to read')
  const edited = () =>
    new Option('--edit <json>', 'change a value of the run; may be given several times').argParser(
      editsWith
    )
  const provider = () =>
    new Option('--provider <name>', 'what computes it')
      .choices([...providers, 'auto'])
      .default('auto')

  const alsoWith = (about: string) =>
    new Option('--with <folder>', about).argParser(
      (folder: string, before: readonly string[] = []) => [...before, folder]
    )
  const numbersOut = () =>
    new Option('--out <file>', 'a .safetensors, .npz, .csv or .json file to write')

  root
    .command('info')
    .description('what is known of a model without running it')
    .argument('<folder>', 'model folder')
    .option('--check-values', 'read all weights and count those that are NaN or infinite')
    .option('--hash', 'read all weights and give the SHA-256 of each file of them')
    .option(
      '--base <folder>',
      'the model that an adapter (LoRA) alone adapts, here and in all that is asked of it later; none for none any more'
    )
    .option('--json', 'print JSON')
    .action(asked(info))

  const tokenizing = root
    .command('tokens')
    .description(
      'the tokens of a text: token, id, offsets in UTF-16 units, and bytes; or the text of token ids'
    )
    .argument('<folder>', 'model folder')
    .addOption(text().conflicts(['textFile', 'decode', 'chat']))
    .addOption(
      new Option('--text-file <file>', 'a file holding the text').conflicts(['decode', 'chat'])
    )
    .addOption(
      new Option(
        '--chat <json>',
        'turns of a dialogue, such as [{"role":"user","content":"…"}], as the model\'s own chat template writes them'
      )
        .argParser(chatTurns)
        .conflicts(['decode', 'explain', 'against'])
    )
    .addOption(
      new Option('--template <name>', 'with --chat, one of several templates').conflicts([
        'text',
        'textFile',
        'decode'
      ])
    )
    .addOption(
      new Option('--generation-prompt', 'with --chat, an answer is begun').conflicts([
        'text',
        'textFile',
        'decode'
      ])
    )
    .addOption(
      new Option('--decode <ids>', 'token ids, such as 5,17,3: the text that they stand for')
        .argParser(tokenIds)
        .conflicts(['explain', 'against'])
    )
    .option(
      '--explain',
      'how it became them: normalised, in words, and each split, merge by merge or by the best path'
    )
    .option(
      '--against <what>',
      `another model's folder, ${plainSplits.join(', ')}: how many tokens that gives, and where it splits otherwise`
    )
    .addOption(
      alsoWith(
        'with --against, another model that the text is counted by; may be given several times'
      ).conflicts(['decode', 'chat'])
    )
    .addOption(numbersOut())
    .option('--json', 'print JSON')
  tokenizing.action((folder: string, options: TokensOptions) => {
    if ((options.text ?? options.textFile ?? options.decode ?? options.chat) === undefined)
      tokenizing.error('error: one of --text, --text-file, --decode and --chat is needed')
    if (options.with !== undefined && options.against === undefined)
      tokenizing.error('error: --with needs --against')
    if (options.out !== undefined && options.explain && options.against !== undefined)
      tokenizing.error('error: with --out leave out --explain or --against')
    return asked(tokens)(folder, options)
  })

  root
    .command('vocabulary')
    .description('the tokens of a vocabulary that are looked for, and what there is in all')
    .argument('<folder>', 'model folder')
    .addOption(
      new Option(
        '--search <text>',
        'letters of a token, whatever their case, or # and its id'
      ).conflicts('pattern')
    )
    .option(
      '--pattern <expression>',
      'a regular expression of a token’s text, as JavaScript has it'
    )
    .addOption(
      new Option(
        '--kind <name>',
        'tokens of a kind; unused: rows of the embedding that no token has; beyond: tokens that have no row'
      ).choices(vocabularyKinds)
    )
    .option('--script <name>', 'the script of its letters, such as Hebrew, or several')
    .option('--length <range>', 'characters, such as 3, 2-4 or 8-')
    .addOption(new Option('--order <name>').choices(vocabularyOrders).default('id'))
    .option('--descending', 'the last first')
    .addOption(
      new Option('--limit <count>', 'listed at most').argParser(integer(0, 1_000_000)).default(100)
    )
    .addOption(numbersOut())
    .option('--json', 'print JSON')
    .action(asked(vocabulary))

  root
    .command('weights')
    .description('write a stored tensor, or a part of it, to a file, in its own type of numbers')
    .argument('<folder>', 'model folder')
    .requiredOption('--tensor <name>', 'one of those that `info` lists')
    .addOption(
      new Option(
        '--range <ranges>',
        'of each axis the first and the one after the last, such as 0:300,100:300 (default: all)'
      ).argParser(ranges)
    )
    .requiredOption('--out <file>', 'the .safetensors file to write')
    .action(asked(weights))

  /** A command that runs a model, on exactly one text or list of token ids. */
  const running = <O extends RunOptions>(name: string, description: string, run: RunCommand<O>) => {
    const command = root
      .command(name)
      .description(description)
      .argument('<folder>', 'model folder')
      .addOption(text().conflicts(['textFile', 'tokens']))
      .addOption(
        new Option('--text-file <file>', 'a file holding the text').conflicts(['text', 'tokens'])
      )
      .addOption(
        new Option('--tokens <ids>', 'token ids, such as 5,17,3')
          .argParser(tokenIds)
          .conflicts(['text', 'textFile'])
      )
      .addOption(edited())
      .addOption(provider())
    return command.action((folder: string, options: O) => {
      if ((options.text ?? options.textFile ?? options.tokens) === undefined)
        command.error('error: one of --text, --text-file and --tokens is needed')
      return asked(run)(folder, options)
    })
  }

  running('trace', 'run a text and write what the model computed, in float32, to a file', trace)
    .requiredOption('--hooks <patterns>', "such as 'blocks.*.attn.hook_pattern,logits'")
    .requiredOption('--out <file>', 'the .safetensors or .npz file to write')

  const differentiating = running(
    'gradient',
    'differentiate a number that a run gives, and write its gradients to a file',
    gradient
  )
  const targets = [
    new Option(
      '--target <number>',
      'a logit, as 4:17, a difference of two, as 4:17-3, or another number as saliency names it: probability:4:17, loss'
    ).argParser(typedTarget),
    new Option('--probability <position:token>', 'the probability of a token').argParser(
      probabilityTarget
    ),
    new Option('--loss', 'the mean cross-entropy of the text')
  ]
  for (const option of targets) {
    const others = targets.filter(other => other !== option)
    differentiating.addOption(option.conflicts(others.map(other => other.attributeName())))
  }
  differentiating
    .addOption(
      new Option(
        '--labels <ids>',
        'with --loss, one for each position, -100 for none: of a model of masked tokens the ids before they were masked (those that the text shows count for nothing), of a decoder the token after each'
      ).argParser(labelIds)
    )
    .option('--hooks <patterns>', "by which values, such as 'blocks.*.hook_resid_pre'")
    .requiredOption('--out <file>', 'the .safetensors or .npz file to write')
    .hook('preAction', command => {
      const { target, probability, loss, labels } = command.opts<TargetOptions>()
      if ((target ?? probability ?? loss) === undefined)
        command.error('error: one of --target, --probability and --loss is needed')
      if (labels !== undefined && loss === undefined && target?.kind !== 'loss')
        command.error('error: --labels goes with --loss')
    })

  running(
    'predict',
    'the most probable tokens after the text, or in place of its masks, of a model of masked tokens',
    predict
  )
    .addOption(
      new Option(
        '--position <numbers>',
        'the positions whose logits these are, such as 3 or 3,5, counted from 0, or every: a decoder tells the token after each, a model of masked tokens the one at it (default: the last; all masks)'
      ).argParser(positions)
    )
    .addOption(
      new Option('--mask <id>', 'the id of the mask, where no tokenizer tells it').argParser(
        integer(0, 1e9)
      )
    )
    .addOption(new Option('--top <count>', 'how many').argParser(integer(1, 1000)).default(10))
    .option('--json', 'print JSON')

  running(
    'generate',
    'go on with the text: the most probable token each time, or drawn ones where a temperature, a bound or a seed is set',
    generate
  )
    .addOption(
      new Option('--max <count>', 'tokens, at most').argParser(integer(1, 100_000)).default(50)
    )
    .addOption(
      new Option('--temperature <number>', 'logits are divided by it').argParser(positive(1000))
    )
    .addOption(
      new Option('--top-k <count>', 'draw from so many of the most probable').argParser(
        integer(1, 1e9)
      )
    )
    .addOption(
      new Option(
        '--top-p <share>',
        'draw from the most probable that have this share together'
      ).argParser(positive(1))
    )
    .addOption(
      new Option('--seed <number>', 'equal seeds draw equal tokens (default: 0)').argParser(
        integer(0, 2 ** 32 - 1)
      )
    )
    .addOption(
      new Option(
        '--top <count>',
        'with --json: so many candidates of each token, with the model’s own `probability` and the one that is `drawn` from'
      )
        .argParser(integer(0, 1000))
        .default(10)
    )
    .option('--no-stop', 'go on after a token with which the model ends texts')
    .option('--no-cache', 'run the whole text for each token: slower, of the same tokens')
    .option('--json', 'print JSON')

  root
    .command('analyses')
    .description('the analyses there are: their params and what they give')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) =>
      withClient(line, async client => line.print(`${await listAnalyses(client, options)}\n`))
    )

  const inputs: CorpusInput[] = []
  /** What the second of two models reads. */
  const others: CorpusInput[] = []
  const input = (
    flags: string,
    description: string,
    read: (text: string) => CorpusInput,
    into = inputs
  ) => new Option(flags, description).argParser((text: string) => void into.push(read(text)))
  const withTexts = (command: Command) =>
    command
      .addOption(
        input(
          '--with-text <text>',
          'a text that the other model, or the second of two, reads in place of the same ones; may be given several times, as may the next two',
          text => ({ text }),
          others
        )
      )
      .addOption(
        input(
          '--with-text-file <path>',
          'a text file, or a folder of them, for the other',
          path => ({ path: userPath(path) }),
          others
        )
      )
      .addOption(
        input(
          '--with-tokens <ids>',
          'token ids for the other',
          ids => ({ ids: tokenIds(ids) }),
          others
        )
      )
  /** How what the second reads is cut into windows. */
  const withWindows = (command: Command) =>
    command
      .addOption(
        new Option(
          '--with-window <tokens>',
          'how it is cut, where it is cut otherwise; none: as without --window'
        ).argParser((text: string) => (text === 'none' ? text : integer(1, 1e9)(text)))
      )
      .addOption(
        new Option(
          '--with-stride <tokens>',
          'how far each of these begins after the one before'
        ).argParser(integer(1, 1e9))
      )
  const sentences = (prefix = '') =>
    new Option(
      `--${prefix}sentences`,
      `read each sentence of texts and files${prefix === '' ? '' : ' of the other model'} by itself, in place of windows`
    ).conflicts(prefix === '' ? ['window', 'stride'] : ['withWindow', 'withStride'])
  /** Texts, of one or of more kinds, and how they are cut. */
  const texts = (command: Command) =>
    command
      .addOption(
        input('--text <text>', 'a text; may be given several times, as may the next two', text => ({
          text
        }))
      )
      .addOption(
        input('--text-file <path>', 'a text file, or a folder of them', path => ({
          path: userPath(path)
        }))
      )
      .addOption(
        input('--tokens <ids>', 'token ids, such as 5,17,3', ids => ({ ids: tokenIds(ids) }))
      )
      .addOption(
        new Option('--window <tokens>', 'cut texts into windows of so many tokens').argParser(
          integer(1, 1e9)
        )
      )
      .addOption(
        new Option(
          '--stride <tokens>',
          'how far each window begins after the one before'
        ).argParser(integer(1, 1e9))
      )
      .addOption(provider())
  const reading = (command: Command) => texts(command).addOption(edited())
  /**
   * What is made of two, and what of the second is not as it is of the first.
   * @param further what `--with` stands for beside that
   */
  const ofSides = (command: Command, made: readonly Sides[], further = '') => {
    const ways = {
      beside: 'both beside each other',
      difference: 'the difference, one less the other'
    }
    const two = command
      .addOption(
        new Option(
          '--sides <what>',
          `make it of two: ${made.map(way => ways[way]).join(', or ')}. The second is as the first, without its edits, but for what the options say that begin with --with`
        ).choices(made)
      )
      .option(
        '--corpus <name>',
        'what all that is read is called together: a corpus, of a single file, too, which is else one text'
      )
      .addOption(alsoWith(`another model, for the second of two${further}`))
    return withWindows(
      withTexts(two).option('--with-corpus <name>', 'what that is called together')
    )
      .addOption(sentences('with-'))
      .addOption(
        new Option('--with-edit <json>', 'change a value of the second one’s run').argParser(
          editsWith
        )
      )
      .addOption(
        new Option('--with-set <key=value>', 'a param of the second; null for none').argParser(
          setting
        )
      )
      .addOption(
        new Option('--with-provider <name>', 'what computes the second').choices([
          ...providers,
          'auto'
        ])
      )
  }

  const analysing = reading(
    root
      .command('analyse')
      .description(
        'what an analysis comes to, of texts, token ids, text files or the weights alone'
      )
      .argument('<name>', 'one of those that `analyses` lists')
      .argument('<folder>', 'model folder')
      .argument(
        '[folder-b]',
        'the model that one analysis compares with the first, changed by --edit; with --sides there is none'
      )
  )
    .addOption(
      new Option(
        '--set <key=value>',
        'one of the params that `analyses` lists, such as layers=[0,1]; may be given several times'
      ).argParser(setting)
    )
    .addOption(sentences())
  ofSides(analysing, ['beside'])
    .addOption(numbersOut())
    .addOption(new Option('--json', 'print JSON').conflicts('out'))
    .action((name: string, folder: string, other: string | undefined, options: AnalyseOptions) =>
      withClient(line, client =>
        analyse(client, { name, folder, other, inputs, others }, options, told())
      )
    )

  reading(
    root
      .command('timeline')
      .description(
        'how a number changes from checkpoint to checkpoint of a training; one that was ended goes on'
      )
      .argument(
        '<folder>',
        'the folder of checkpoints that are named by their steps, or one of them'
      )
  )
    .addOption(
      new Option(
        '--of <what>',
        'loss, or an analysis and one of its variables, such as head-scores.induction or weight-statistics.std'
      ).default('loss')
    )
    .addOption(
      new Option(
        '--set <key=value>',
        'one of the params of that analysis, such as roles=["W_Q"]; may be given several times'
      ).argParser(setting)
    )
    .addOption(numbersOut())
    .addOption(new Option('--json', 'print JSON').conflicts('out'))
    .action((folder: string, options: TimelineOptions) =>
      withClient(line, client => timelineOfFolder(client, { folder, inputs }, options, told()))
    )

  texts(
    root
      .command('harvest')
      .description(
        'write the values of hooks for every window of texts, a file each; a harvest that was ended goes on'
      )
      .argument('<folder>', 'model folder')
  )
    .requiredOption('--hooks <patterns>', "such as 'blocks.*.hook_resid_post'")
    .requiredOption(
      '--out <folder>',
      'an empty folder, a new one, or that of a harvest that goes on'
    )
    .action((folder: string, options: HarvestOptions) =>
      withClient(line, client => harvest(client, folder, inputs, options, line))
    )

  withWindows(
    withTexts(
      reading(
        root
          .command('heads')
          .description(
            'what each head does on texts, how sure that is, and which of it holds on text that it was not found on'
          )
          .argument('<folder>', 'model folder')
      )
        .addOption(
          new Option(
            '--class <name=expression>',
            'a class of tokens of your own, by a regular expression of their texts; may be given several times'
          ).argParser(tokenClass)
        )
        .addOption(
          new Option('--seed <number>', 'what is drawn by chance')
            .argParser(integer(0, 2 ** 32 - 1))
            .default(0)
        )
        .option('--ablation', 'the loss without each head that is found, too')
        .option(
          '--with <folder>',
          'another model, which --edit changes: the heads of both side by side, in words and numbers'
        )
    )
  )
    .addOption(
      new Option(
        '--out <file>',
        'a file to write: .html, a report that stands by itself, or .csv, all scores of all heads; with --with .csv, .json, .npz or .safetensors'
      )
    )
    .addOption(
      new Option(
        '--contexts <folder>',
        'a folder to write: texts for every head from the whole range of how strongly it attends, as HeadVis reads them'
      )
    )
    .addOption(new Option('--json', 'print JSON').conflicts('out'))
    .action((folder: string, options: HeadsOptions) =>
      withClient(line, client => heads(client, { folder, inputs, others }, options, told()))
    )

  root
    .command('figures')
    .description('the figures that can be drawn by name: what they are of, and their params')
    .option('--json', 'print JSON')
    .action((options: { json?: boolean }) => line.print(`${listFigures(options)}\n`))

  const figureOfModels = ofSides(
    reading(
      root
        .command('figure')
        .description(
          'draw a figure that a view of the window shows, or one that a session keeps, and write it to a file'
        )
        .argument('<folder>', 'model folder; with --figure the .lamella file of a session')
    )
      .addOption(sentences())
      .addOption(
        new Option('--view <name>', 'one of those that `figures` lists, such as attention')
      )
      .addOption(
        new Option(
          '--set <key=value>',
          'one of its params, such as layer=3; may be given several times'
        ).argParser(setting)
      ),
    sides,
    '; of a view that is of any number of models it may be given several times'
  ).option('--with-view <name>', 'another view, for the second')
  /** What says what a figure is of that no session keeps. */
  const ofModels = figureOfModels.options.map(option => option.attributeName())
  figureOfModels
    .addOption(
      new Option(
        '--figure <name>',
        'one of the figures of a session, which needs no model'
      ).conflicts(ofModels)
    )
    .requiredOption(
      '--out <file>',
      'the .svg, .pdf, .png, .tiff or .tex file to write, or .html, a page that says the values that are pointed at, or .ipynb, a notebook that draws it again, or its numbers as .csv, .npz, .safetensors or .json'
    )
    .addOption(
      new Option('--preset <name>', 'whose widths and letters it has')
        .choices(presetNames)
        .default('screen')
    )
    .addOption(
      new Option('--width <length>', 'another width, such as 84mm or 3.25in').argParser(millimetres)
    )
    .addOption(
      new Option('--points <number>', 'the size of its letters in points').argParser(positive(48))
    )
    .addOption(
      new Option(
        '--font <name>',
        'its font: sans, if it is left out and the preset has none of its own'
      ).choices(figureFonts)
    )
    .option('--title', 'with its title, also where a preset has none')
    .option('--no-title', 'without its title')
    .addOption(new Option('--letter <letter>', 'the letter of a panel, such as a'))
    .addOption(
      new Option(
        '--background <name>',
        'its ground: paper, or that of a session’s figure, if it is left out'
      ).choices(['paper', 'none'])
    )
    .addOption(
      new Option('--dpi <number>', 'dots an inch, of pixels')
        .argParser(integer(36, 2400))
        .default(300)
    )
    .action((folder: string, options: FigureOptions & { figure?: string }) =>
      withClient(line, (client, signal) => {
        const { figure: name } = options
        const told = { ...line, signal }
        if (name !== undefined) return sessionFigure(client, folder, name, options, told)
        if (options.view !== headVisView.name)
          return figure(client, { folder, inputs, others }, options, told)
        const typed = figureOfModels.options.filter(
          option =>
            ofModels.includes(option.attributeName()) &&
            figureOfModels.getOptionValueSource(option.attributeName()) === 'cli'
        )
        const said = typed.map(option => option.long!)
        return headVisFigure(client, folder, { ...options, said }, told)
      })
    )

  root
    .command('headvis')
    .description(
      'what is in a folder that HeadVis reads: heads by their numbers, or the texts of one'
    )
    .argument('<folder>', 'the folder that holds config.json')
    .addOption(new Option('--head <layer.head>', 'the texts of one head').argParser(headPlace))
    .option('--json', 'print JSON')
    .action(async (folder: string, options: HeadVisOptions) =>
      line.print(`${await headVis(folder, options)}\n`)
    )

  root
    .command('session')
    .description('what is in a session that was saved, and whether it still holds')
    .argument('<file>', 'a .lamella file, which is left as it is')
    .option('--check', 'read every value against its checksum')
    .addOption(
      new Option(
        '--rerun',
        `compute all that it keeps again, and tell the largest differences; those over ${mostDifference} end with 1`
      ).conflicts('check')
    )
    .addOption(
      new Option(
        readingFlag,
        'as --rerun, and read the files of this machine that it names and carries no copy of'
      )
        .conflicts('check')
        .implies({ rerun: true })
    )
    .addOption(
      new Option(
        '--report <file>',
        'the .html or .pdf file to write: models, texts, notes, findings, figures and settings as a document that stands by itself'
      ).conflicts(['check', 'rerun', 'readFiles', 'json'])
    )
    .option('--json', 'print JSON')
    .action((file: string, options: SessionOptions) =>
      withClient(
        line,
        (client, signal) => session(client, file, options, { ...line, signal }),
        options.rerun
      )
    )

  root
    .command('serve')
    .description('serve the window to a browser on this machine')
    .argument('[folder]', 'model folder to open')
    .addOption(new Option('--port <number>', 'port to listen on').argParser(integer(0, 65535)))
    .option('--no-open', 'do not open a browser')
    .action((folder: string | undefined, { port, open }: { port?: number; open: boolean }) =>
      line.serve({ folder: folder === undefined ? folder : userPath(folder), port, open })
    )
  return root
}
