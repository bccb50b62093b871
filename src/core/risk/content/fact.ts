import type { ContentRule } from '../content.ts';

/** What a text says that a rule cares about. Which of it a change brings is told by comparing the texts before and after. */
interface Said {
  readonly rule: ContentRule;
  readonly pattern: string;
  /** In a few words, without any of the file's own text that could be a secret. */
  readonly detail: string;
  /** What it is said of: the same in both texts for the same thing, wherever it stands. */
  readonly subject: string;
  /** 1-based, in its text. */
  readonly line: number;
  /** Inclusive; `line` where absent. */
  readonly endLine?: number;
}

/** Something risky: counts where it was not before. */
export interface Sign extends Said {
  readonly kind: 'sign';
  /** That something else is gone can bring it: it counts even where all its own lines were there before. */
  readonly byRemoval?: true;
  /** Does not count where the text before had this sign: that said as much, or more. */
  readonly unless?: Pick<Said, 'pattern' | 'subject'>;
}

/** Something that protects: counts where it goes. */
export interface Guard extends Said {
  readonly kind: 'guard';
  /** It only says that what it is said of is not lost: it goes without a word. */
  readonly onlyKeeps?: true;
}

/** A number that protects, such as days of retention: counts where it gets lower. */
export interface Level extends Said {
  readonly kind: 'level';
  readonly value: number;
}

/** Something that must not change while its subject stays: counts where it does. */
export interface Pin extends Said {
  readonly kind: 'pin';
  readonly value: string;
}

export type Fact = Sign | Guard | Level | Pin;
