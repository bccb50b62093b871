import { growing } from '../floors.ts';
import { review } from '../remedies.ts';
import { reviewed } from './review.ts';
import { plural, type Rule } from './rule.ts';

/** AI lines that somebody had on screen without saying that they were reviewed: 20, growing to 50 at a hundred. */
export const unreviewedAi: Rule = {
  id: 'unreviewed-ai',
  find({ unreviewed: { count, where } }) {
    if (count === 0) return [];
    const detail = `${plural(count, 'AI line')} seen by somebody, reviewed by nobody`;
    return [{ floor: growing(20, 50, count), detail, where, remedy: review, resolve: reviewed }];
  },
};
