import { z } from 'zod'
import { HeadVisFacts, HeadVisProfile } from '../analysis/head-sequences/headvis-profile.ts'
import { AnalysisSubject } from '../analysis/subject.ts'
import { Dataset } from '../data/dataset.ts'
import { ChatRequest, TokenizedChat } from '../model/chat.ts'
import { OpenedAs } from '../model/chosen-model.ts'
import { ModelDescription } from '../model/describe-file.ts'
import { Answers, DescriptionCheck, Reading } from '../model/describe-reading.ts'
import {
  AnalysisInfo,
  CachedModel,
  CheckpointFolder,
  DirectoryListing,
  Generated,
  GradientValue,
  KeptData,
  ModelInfo,
  Run,
  RunEstimate,
  Settings,
  Status,
  TensorSlice,
  TensorValue
} from './schemas.ts'
import { FigureFile, FigureFileRequest, ReportFileRequest } from '../model/figure-file.ts'
import { GradientTarget } from '../model/gradient-target.ts'
import { Json } from '../model/json.ts'
import { CorpusFiles, ItemKind, Library, LibraryItem, PastRun } from '../model/library.ts'
import { ModelMove, ModelRef } from '../model/model-ref.ts'
import { ProviderChoice } from '../model/provider.ts'
import { RunSource } from '../model/run-source.ts'
import {
  AnalysisRequest,
  KeptCorpus,
  OpenSession,
  SessionRerun,
  SavedSession,
  SessionKept,
  SessionModel,
  SessionSizes,
  SessionText,
  WishText,
  WorkspaceText
} from './session.ts'
import { Keep } from '../model/session.ts'
import { Sampling } from '../model/sampling.ts'
import { Seed } from '../model/seed.ts'
import { longestExplained, TextExplanation } from '../model/text-explanation.ts'
import { Token } from '../model/token.ts'
import { VocabularyListing, VocabularyQuery } from '../model/vocabulary.ts'
import { WindowPage } from './window-page.ts'

/** A method of the workbench: what it takes and what it gives, checked where either crosses a process. */
function method<P extends z.ZodType, R extends z.ZodType>(params: P, result: R) {
  return { params, result }
}

/**
 * Everything a window or a script can ask of the workbench. Any call may be cancelled; those that take
 * long report progress.
 */
export const api = {
  /** What is running, for the About box and the first start. */
  'app.info': method(
    z.object({}),
    z.object({
      version: z.string(),
      shell: z.enum(['desktop', 'serve', 'cli']),
      samples: z.array(z.object({ name: z.string(), path: z.string() }))
    })
  ),
  /**
   * A window's saved arrangement (tabs, selection), as it was written; null at first start. A window has its own, or what
   * another left; who names no page has the one saved last, of whichever window.
   */
  'workspace.load': method(z.object({ page: WindowPage.optional() }), Json),
  'workspace.save': method(
    z.object({ state: WorkspaceText, page: WindowPage.optional() }),
    z.null()
  ),

  /** What was run and what has a name. Each change is told to every window by the event `library`, before it is answered. */
  'library.get': method(z.object({}), Library),
  /** Notes runs that a person asked for. */
  'library.remember': method(z.object({ runs: z.array(PastRun) }), z.null()),
  'library.forget': method(z.object({ runs: z.array(PastRun) }), z.null()),
  /** Keeps an item under its name, in place of the one of its kind that is named `instead`; a name has one item of a kind. */
  'library.put': method(
    z.object({ item: LibraryItem, instead: z.string().nullable().default(null) }),
    z.null()
  ),
  'library.remove': method(z.object({ kind: ItemKind, name: z.string() }), z.null()),

  /**
   * What lies at a path, a text file or a folder of them, as a corpus reads it. Where nothing is there, and an open session keeps
   * its texts, what these are: `kept`.
   */
  'corpus.look': method(
    z.object({ path: z.string().min(1) }),
    z.object({ files: CorpusFiles, kept: z.boolean() })
  ),

  /** Lists one folder; the home folder when no path is given. */
  'files.list': method(z.object({ path: z.string().optional() }), DirectoryListing),
  /** Shows the system's own dialog, for a model or for any folder; null where there is none or nothing was chosen. */
  'files.choose': method(
    z.object({ what: z.enum(['model', 'folder']).default('model') }),
    z.string().nullable()
  ),

  /**
   * Opens a model folder or file; headers only. Opening it again, from any window, gives the same model. Where an open session
   * keeps a model of this path that is not there, or not as it was, that model is stood in for (`absent` says why).
   */
  'models.open': method(
    z.object({
      path: z.string(),
      /** Fingerprint of the model that is meant, of several that open sessions keep of the path; else it is their first. */
      of: z.string().optional(),
      /**
       * `present`: the model that is there, whatever a session keeps; where one is meant by `of`, that one alone. `aside`: what
       * an open session keeps of the one that is meant, also where it is there; the caller has that open no more.
       */
      as: OpenedAs.optional(),
      /** What an adapter alone adapts, a folder or a file, from now on; null for nothing any more. */
      base: z.string().nullable().optional()
    }),
    ModelInfo
  ),
  /** Lets the caller go of a model; it is closed once nobody has it open who is there. */
  'models.close': method(z.object({ modelId: z.string() }), z.null()),
  /**
   * The files that hold a model's tensors, each with its SHA-256, hexadecimal. Reads them whole, beside all else, and reports
   * progress by bytes; of a file that has been read its hash is known for as long as it stays the same.
   */
  'models.hash': method(
    z.object({ modelId: z.string() }),
    z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() }))
  ),
  /**
   * A stored tensor, or a part of it, as it is stored: of the files no more than that is read. `range` has the first and the
   * one after the last of each axis; null for all of it.
   */
  'models.slice': method(
    z.object({
      modelId: z.string(),
      tensor: z.string(),
      range: z
        .array(z.tuple([z.int().min(0), z.int().min(0)]))
        .max(64)
        .nullable()
        .default(null)
    }),
    TensorSlice
  ),
  /** Models opened before, newest first. */
  'models.recent': method(z.object({}), z.array(z.object({ name: z.string(), path: z.string() }))),

  /**
   * The checkpoints of one training, told by the steps in their names: those in a folder, or, of one of them, those beside it.
   * Nothing of them is read.
   * @throws LamellaError `not-found` where there are none
   */
  'models.checkpoints': method(z.object({ path: z.string().min(1) }), CheckpointFolder),

  /** Models in this machine's Hugging Face cache, by name. */
  'models.cached': method(z.object({}), z.array(CachedModel)),

  'text.tokenize': method(z.object({ modelId: z.string(), text: z.string() }), z.array(Token)),
  /** How a text becomes its tokens: normalised, cut into words, and each split, step by step. */
  'text.explain': method(
    z.object({ modelId: z.string(), text: z.string().max(longestExplained) }),
    TextExplanation
  ),
  /** The text that ids stand for together; ids of no token are left out of it, not of the tokens. */
  'text.decode': method(
    z.object({ modelId: z.string(), ids: z.array(z.int().min(0)).max(1_000_000) }),
    z.object({ text: z.string(), tokens: z.array(Token) })
  ),
  /** A dialogue as the model's own template writes it, and the tokens of that. */
  'text.chat': method(z.object({ modelId: z.string(), request: ChatRequest }), TokenizedChat),
  /** Which ids of the vocabulary and of the embedding are as it is asked, and what there is in all. */
  'text.vocabulary': method(
    z.object({ modelId: z.string(), query: VocabularyQuery }),
    VocabularyListing
  ),

  /**
   * Runs a text or token ids through every block and keeps the residuals; of a model that is streamed from disk
   * no block yet. Reports progress by block.
   */
  'runs.start': method(z.object({ source: RunSource }), Run),
  /** What a run of so many tokens will take; loads and runs some blocks of a model that is streamed. */
  'runs.estimate': method(
    z.object({
      modelId: z.string(),
      tokens: z.number().int().min(1),
      provider: ProviderChoice.default('auto')
    }),
    RunEstimate
  ),
  /** Runs the blocks of a streamed model that have not run yet. Reports progress by block. */
  'runs.complete': method(z.object({ runId: z.string() }), Run),
  /** One hook's value, whole or one slice of its first axis (one head of a pattern). */
  'runs.value': method(
    z.object({
      runId: z.string(),
      hook: z.string(),
      index: z.number().int().optional(),
      /** Float32 as computed, where the cache keeps float16. */
      exact: z.boolean().default(false)
    }),
    TensorValue
  ),
  /**
   * A number that a run gives, and its gradient by the input embedding, by hooks and by the scales of the run's edits.
   * Reports progress by block.
   */
  'runs.gradient': method(
    z.object({
      runId: z.string(),
      target: GradientTarget,
      hooks: z.array(z.string()).max(100_000).default([])
    }),
    GradientValue
  ),

  /**
   * Lets a model go on with a text, token by token: the most probable one each time, or one that is drawn. Each token is
   * of a run of all before it, edited alike. Reports progress by token.
   */
  'runs.generate': method(
    z.object({
      source: RunSource,
      max: z.int().min(1).max(100_000),
      sampling: Sampling.nullable().default(null),
      /** Of each step the so many most probable tokens are told. */
      top: z.int().min(0).max(1000).default(0),
      /** Whether it ends with a token that the model ends texts with; with any special one where it says none. */
      stop: z.boolean().default(true),
      /** Whether keys and values of the tokens before are kept where they stay as they are: quicker, of the same tokens. */
      cache: z.boolean().default(true)
    }),
    Generated
  ),

  /** Every analysis there is: its params as a JSON schema, and the variables that it gives. */
  'analysis.list': method(z.object({}), z.array(AnalysisInfo)),
  /**
   * What an analysis comes to. Reports progress, by window where there are several. One that was cancelled or died goes
   * on, when it is asked for again, from where it was; equal calls at once share the work.
   */
  'analysis.run': method(
    z.object({
      name: z.string(),
      params: Json.default({}),
      of: AnalysisSubject,
      /** What it is compared with, where an analysis compares. */
      with: AnalysisSubject.nullable().default(null)
    }),
    Dataset
  ),

  /**
   * What a folder that HeadVis shows is of, whoever wrote it: its numbers are the folder's own.
   * @throws LamellaError `not-found`, `file-unreadable`, `file-invalid` naming the file and the place in it
   */
  'headvis.read': method(z.object({ path: z.string().min(1) }), HeadVisFacts),
  /** The same of one head, as far as a window shows it. @throws LamellaError `invalid-argument` where it has no such head, too */
  'headvis.head': method(
    z.object({ path: z.string().min(1), layer: z.int().min(0), head: z.int().min(0) }),
    HeadVisProfile
  ),
  /**
   * Writes such a folder, new or empty: of every head texts from the whole range of its activation. Reports progress. What was
   * written goes again where it fails or is cancelled; what was computed is kept, and goes on from where it was.
   * @throws LamellaError `invalid-argument` where something is in the folder, `file-unwritable`
   */
  'headvis.write': method(
    z.object({
      path: z.string().min(1),
      of: AnalysisSubject,
      seed: Seed,
      /** What the texts are called. */
      texts: z.string().max(10_000)
    }),
    z.object({ path: z.string(), files: z.int() })
  ),

  /**
   * Reads a home-made model from the names and shapes of its tensors: what it is taken for, and what has to
   * be asked. Answers come back with the next call.
   */
  'describe.infer': method(
    z.object({ modelId: z.string(), answers: Answers.default({}) }),
    Reading
  ),
  /** Runs a model as it is described, on the CPU, and measures how well it predicts a text. */
  'describe.check': method(
    z.object({
      modelId: z.string(),
      description: ModelDescription,
      /** Where the model has no tokenizer and there are no characters: token ids between spaces. */
      text: z.string(),
      /** The characters that ids stand for, from 0, where no file says. */
      characters: z.string().nullable().default(null)
    }),
    DescriptionCheck
  ),
  /** Writes lamella.json beside the model, or in the data folder when that is read-only, and opens it again. */
  'describe.save': method(
    z.object({
      modelId: z.string(),
      description: ModelDescription,
      sampleText: z.string().max(100_000).nullable().default(null),
      characters: z.string().nullable().default(null)
    }),
    z.object({ savedTo: z.string(), model: ModelInfo })
  ),

  /**
   * Opens a session's file, which is left as it is. The first that opens it may save it; for all others, in other windows and
   * programs, it is read-only.
   */
  'sessions.open': method(
    z.object({
      path: z.string().min(1),
      /** Only to be looked at: nothing is written beside it, and it is not remembered. */
      look: z.boolean().optional(),
      /** Where its models were found since it was saved, as far as that is known: they are looked for there first. */
      moves: z.array(ModelMove).optional()
    }),
    OpenSession
  ),
  /**
   * Writes a session: a new file (`id` null), the one that it is open from, or another, which it is of from then on. The file
   * is the old one or the new one at any moment. Reports progress, by runs and results.
   * @throws LamellaError in words where it would lose something: over a file that is no session or that another has open,
   *   or that changed on the disk since it was opened; over another session unless `replace` says so
   */
  'sessions.save': method(
    z.object({
      id: z.string().nullable(),
      path: z.string().min(1),
      content: SessionText,
      keep: Keep,
      wish: WishText,
      /** Whether a session that is at the path already may go: the person was asked. */
      replace: z.boolean().default(false),
      /** Whether the file of `id` itself is left as it is: the window takes it for read-only. What it keeps is taken over. */
      elsewhere: z.boolean().default(false)
    }),
    z.object({
      id: z.string(),
      path: z.string(),
      saved: SavedSession,
      models: z.array(SessionModel),
      texts: z.array(KeptCorpus),
      /** What of its numbers and texts could not be had and is not in it, a sentence each. */
      notes: z.array(z.string())
    })
  ),
  /** What the file would take by what it keeps. */
  'sessions.sizes': method(
    z.object({ id: z.string().nullable(), content: SessionText, wish: WishText }),
    SessionSizes
  ),
  /**
   * Says where a model of an open session lies now. It has to hold what that model held; where the session knows it to have been
   * before (`to` a reference of then), nothing has to be there any more. All of the session then speaks of it there, and is
   * to be taken from the result, as is what the model is there.
   */
  'sessions.relocate': method(
    z.object({ id: z.string(), from: ModelRef, to: z.union([z.string().min(1), ModelRef]) }),
    z.object({ session: OpenSession, model: ModelRef })
  ),
  /** Which numbers it keeps. */
  'sessions.kept': method(z.object({ id: z.string() }), SessionKept),
  /** What it keeps of a model. @throws LamellaError `not-found` where it knows no such one */
  'sessions.model': method(z.object({ id: z.string(), ref: ModelRef }), ModelInfo),
  /** What it keeps of a run, or of a value of one, whole. @throws LamellaError `not-kept` where it keeps none */
  'sessions.run': method(z.object({ id: z.string(), source: RunSource }), Run),
  'sessions.value': method(
    z.object({ id: z.string(), source: RunSource, hook: z.string() }),
    TensorValue
  ),
  /** What it keeps of what an analysis came to, whichever params were left out. @throws LamellaError `not-kept` where it keeps none */
  'sessions.result': method(z.object({ id: z.string(), request: AnalysisRequest }), Dataset),
  /** Reads all of it, and tells which rows are not what was written. */
  'sessions.check': method(
    z.object({ id: z.string() }),
    z.object({ rows: z.number(), isWhole: z.boolean(), damaged: z.array(z.string()) })
  ),
  /**
   * Makes all that it keeps again, as far as nothing else keeps it: runs, results, panels and findings, which progress tells. What
   * it carries of files is read in their place, and never what it keeps of a model.
   */
  'sessions.rerun': method(
    z.object({
      id: z.string(),
      /** Whether files of this machine may be read that the session names and carries no copy of. */
      readFiles: z.boolean()
    }),
    SessionRerun
  ),
  'sessions.close': method(z.object({ id: z.string() }), z.null()),
  /** Sessions saved or opened before, newest first. */
  'sessions.recent': method(
    z.object({}),
    z.array(z.object({ name: z.string(), path: z.string(), at: z.number() }))
  ),
  /** Paths of those that are not there any more, as far as that is known at once. */
  'sessions.missing': method(z.object({}), z.array(z.string())),
  'sessions.forget': method(z.object({ path: z.string() }), z.null()),
  /** The system's own dialog, to open a session or to save one; null where there is none or nothing was chosen. */
  'sessions.choose': method(
    z.object({ save: z.boolean(), suggested: z.string().max(1000).default('') }),
    z.string().nullable()
  ),

  /** Turns a drawn figure into a file, in a thread of its own; what is cancelled ends at once. */
  'figure.file': method(FigureFileRequest, FigureFile),
  /** Turns a report into a PDF file, likewise. */
  'report.file': method(ReportFileRequest, FigureFile),

  'settings.get': method(z.object({}), Settings),
  'settings.set': method(
    z.object({ memoryBudgetBytes: z.number().positive().nullable() }),
    Settings
  ),

  /** The folder that settings, descriptions and what was computed are kept in. */
  'data.info': method(z.object({}), KeptData),
  /** Removes from it what is computed again when it is asked for. */
  'data.clear': method(z.object({}), KeptData),

  'engine.status': method(z.object({}), Status)
} as const

export type Api = typeof api
export type MethodName = keyof Api
export type Params<M extends MethodName> = z.input<Api[M]['params']>
export type Result<M extends MethodName> = z.output<Api[M]['result']>

/** What the workbench says unasked. */
export const events = {
  status: Status,
  library: Library
} as const

export type EventName = keyof typeof events
export type EventPayload<E extends EventName> = z.output<(typeof events)[E]>
