import { type Author, base, byDifference, sameAuthor, unknown } from './author.ts';
import { carry } from './carry.ts';
import { fillUnknown, mergeRuns } from './merge.ts';
import { adoptMovedBlocks, hasNewBlock, type Source } from './movedBlocks.ts';
import { RunMap } from './runs.ts';
import { mostSimilar } from './similarity.ts';

/** A text and who wrote which part of it. */
export interface AttributedText {
  readonly text: string;
  readonly runs: RunMap;
}

/** What is known of who made a text what it is. */
export type By =
  /** It was only looked at: what changed has no author yet. */
  | { readonly how: 'seen' }
  /**
   * The author's is what differs from the text `since`, from before their part began, and nobody else has claimed. What
   * git brought (a checkout, a stash) is given to nobody.
   */
  | {
      readonly how: 'changed';
      readonly author: Author;
      readonly since: string;
      /** When that was: ISO 8601, UTC. */
      readonly began?: string;
      readonly brought?: readonly string[];
      /** Other texts that have lost something meanwhile. */
      readonly lost?: readonly Source[];
    }
  /** The author says what they wrote: `before` became `after` by their hand, and others may have gone on from there. */
  | {
      readonly how: 'wrote';
      readonly author: Author;
      readonly before: string;
      /** When the text before was there, where others may have gone on from it: ISO 8601, UTC. */
      readonly began?: string;
      readonly after: string;
      /** Whether all that is new in `after` was surely put in by them: a whole text has in it what others wrote meanwhile. */
      readonly exact?: boolean;
    }
  /** An editor knows the author of each part; what it does not know is filled from what is known here. */
  | { readonly how: 'edited'; readonly runs: RunMap };

/** What is known of a path, and of others beside it. */
export interface Known {
  /** ISO 8601, UTC. */
  readonly now: string;
  /** What the path was last seen to hold. */
  readonly last: AttributedText | undefined;
  /** The authors of a text that was seen before. */
  seen(text: string): RunMap | undefined;
  /** What the path was seen to hold before a time (ISO 8601, UTC), some texts, the youngest first: it may come back. */
  former(began: string): readonly string[];
  /** What the path was seen to hold since a time (ISO 8601, UTC), oldest first. */
  between(began: string): readonly string[];
  /** Texts that have lost lines, which may have gone here; only asked for where something is new. */
  elsewhere(): readonly Source[];
}

/** Stands for who wrote what is new, until that is known: nothing that is stored has it. */
const fresh: Author = base;
const isFresh = (author: Author): boolean => author === fresh;

/**
 * Who wrote a text, as far as is known: one seen before has its authors back. Else those of the last text are carried over,
 * blocks that went from elsewhere have theirs, and the rest is unknown.
 */
export function attributed(text: string, known: Known): RunMap {
  const seen = known.seen(text);
  if (seen) return seen;
  const { last } = known;
  const own = last ? carry(last.text, last.runs, text, fresh).runs : RunMap.of(text.length, fresh);
  return named(adopt(text, own, known), { ...(last ? unknown.disk : unknown.firstSeen), at: known.now });
}

/** The same with what is known of who made the text what it is. */
export function attributedBy(text: string, by: By, known: Known): RunMap {
  switch (by.how) {
    case 'seen':
      return attributed(text, known);
    case 'edited':
      return fillUnknown(by.runs, attributed(text, known));
    case 'changed':
      return changed(text, by, known);
    case 'wrote': {
      const after = madeOf(by.before, by.after, by.author, known) ?? written(by, known);
      if (text === by.after) return after;
      const goneOn = carry(by.after, after, text, { ...unknown.disk, at: known.now }).runs;
      return follow(goneOn, attributed(text, known), known.last);
    }
  }
}

function changed(text: string, by: Extract<By, { how: 'changed' }>, known: Known): RunMap {
  const moved = { ...known, elsewhere: () => known.elsewhere().map(withoutAuthors) };
  const share = (versions: readonly string[]): RunMap => named(adopt(text, newIn(versions, text), moved), by.author);
  const { began, since, brought = [] } = by;
  const [former, between] = began === undefined ? [[], []] : [known.former(began), known.between(began)];
  const others = [...former.filter((before) => before !== since), ...brought].map((before) => [before]);
  const shares = [[since], ...(between.length > 0 ? [[since, ...between]] : []), ...others].map(share);
  return claim(attributed(text, known), shares.reduce(onlyIfBoth), known.last, by.began);
}

/**
 * What is fresh in a text that came about by these versions, the oldest first. Step by step a line is followed that was
 * moved by one and changed by the next.
 */
function newIn([first = '', ...versions]: readonly string[], text: string): RunMap {
  let before: AttributedText = { text: first, runs: RunMap.of(first.length, unknown.firstSeen) };
  for (const version of [...versions, text]) {
    before = { text: version, runs: carry(before.text, before.runs, version, fresh).runs };
  }
  return before.runs;
}

/** Where an author began with what the path last held, nobody else can have written of what is new in a new text. */
function madeOf(before: string, text: string, author: Author, known: Known): RunMap | undefined {
  const { last } = known;
  if (last?.text !== before || known.seen(text)) return undefined;
  return named(adopt(text, carry(before, last.runs, text, fresh).runs, known), author);
}

function written(by: Extract<By, { how: 'wrote' }>, known: Known): RunMap {
  const before = attributed(by.before, known);
  const own = named(adopt(by.after, carry(by.before, before, by.after, fresh).runs, known), by.author);
  const between = by.began === undefined ? [] : known.between(by.began);
  const share =
    between.length === 0 ? own : onlyIfBoth(named(newIn([by.before, ...between], by.after), by.author), own);
  return claim(attributed(by.after, known), share, known.last, by.began, by);
}

/** Gives blocks of fresh lines the authors that they had in the paths that they went from. */
function adopt(text: string, runs: RunMap, { elsewhere }: Pick<Known, 'elsewhere'>): RunMap {
  if (!hasNewBlock(text, runs, isFresh)) return runs;
  const sources = elsewhere();
  return adoptMovedBlocks(text, renamed(text, runs, sources), isFresh, sources);
}

/** A text that is fresh from end to end and most like one whose file is gone is that file, renamed. */
function renamed(text: string, runs: RunMap, sources: readonly Source[]): RunMap {
  if (![...runs].every(({ author }) => isFresh(author))) return runs;
  const gone = new Map(sources.flatMap((source, i) => (source.now === '' ? [[`${i}`, source.text]] : [])));
  const key = mostSimilar(text, gone);
  const source = key === undefined ? undefined : sources[Number(key)];
  return source ? carry(source.text, source.runs, text, fresh).runs : runs;
}

/** `author` in the place of what was fresh. */
function named(runs: RunMap, author: Author): RunMap {
  return runs.map((known) => (isFresh(known) ? author : known));
}

/** A source whose text says only that it is not new. */
function withoutAuthors({ text, now }: Source): Source {
  return { text, now, runs: RunMap.of(text.length, unknown.firstSeen) };
}

/**
 * Gives an author their share of what nobody else has, by what is known from the last text, and what was not noticed
 * before they began. A cut that is not known from the last text was made before it, whoever made it.
 *
 * @param writer says what they wrote: what another only seemed to have written gives way to that
 */
function claim(
  known: RunMap,
  share: RunMap,
  last: AttributedText | undefined,
  began: string | undefined,
  writer?: Pick<Extract<By, { how: 'wrote' }>, 'author' | 'exact'>,
): RunMap {
  const isTaken = (author: Author): boolean => isSomebody(author) || wasThere(author, began);
  const givesWay = (author: Author, to: Author | undefined): boolean =>
    writer !== undefined && to !== undefined && isGuess(author, writer.exact) && sameAuthor(to, writer.author);
  return mergeRuns(known, share, (a, b) => {
    if (!a) return last ? undefined : b;
    return isTaken(a) && !givesWay(a, b) ? a : (b ?? a);
  });
}

/** Within one millisecond it may have been noticed right after: then it can be theirs. */
function wasThere(author: Author, began: string | undefined): boolean {
  return author.origin === 'unknown' && author.at !== undefined && began !== undefined && author.at < began;
}

/** What others made of an author's text, filled from what is known of it; cuts of theirs are known from the last text. */
function follow(goneOn: RunMap, known: RunMap, last: AttributedText | undefined): RunMap {
  return mergeRuns(goneOn, known, (a, b) => {
    if (a && isSomebody(a)) return a;
    return b ?? (last ? undefined : a);
  });
}

/**
 * An assistant was given text by a rule, or by a difference: it did not say that it wrote just this. The difference is as
 * good as a whole text of another's, which may have taken it in.
 */
function isGuess(author: Author, isExact = false): boolean {
  return author.origin === 'ai' && (author.evidence === 'inferred' || (isExact && author.rule === byDifference));
}

/** A paste was a person's doing, though nobody knows who wrote the text: no assistant gets it. */
function isSomebody(author: Author): boolean {
  return author.origin !== 'unknown' || author.reason === 'paste';
}

/** The author where both witnesses say that the text is new, or was cut. */
function onlyIfBoth(first: RunMap, second: RunMap): RunMap {
  return mergeRuns(first, second, (a, b) => (a && b ? (a.origin === 'unknown' ? a : b) : undefined));
}
