import * as v from 'valibot';

/** What `countersign doctor` sends through an installed hook, to see that it arrives: nothing is recorded of it. */
export const TestEvent = v.object({
  countersign: v.literal('test'),
  nonce: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
});

/** What the hook says on standard error when it arrived. */
export function testAnswer(nonce: string): string {
  return `test event ${nonce} arrived`;
}
