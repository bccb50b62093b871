import { growing } from '../floors.ts';
import { review } from '../remedies.ts';
import { reviewed } from './review.ts';
import { plural, type Rule } from './rule.ts';

/** AI lines that nobody has had on screen: 50 for any, growing to 80 at a hundred of them. */
export const unseenAi: Rule = {
  id: 'unseen-ai',
  find({ unseen: { count, where } }) {
    if (count === 0) return [];
    const detail = `${plural(count, 'AI line')} nobody has looked at`;
    return [{ floor: growing(50, 80, count), detail, where, remedy: review, resolve: reviewed }];
  },
};
